using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users.Passwords;

namespace Latchkey.Accounts;

/// <summary>What a right password leads to.</summary>
public abstract record SignInStep;

/// <param name="Token">The new session's.</param>
public sealed record SignedInToPortal(string Token) : SignInStep;

/// <param name="Token">Of a login that waits for the second factor: ten minutes, one use, good for nothing else.</param>
public sealed record SecondStep(string Token) : SignInStep;

/// <summary>Signing in: the password, then the second factor where the account has one.</summary>
public sealed class PortalSignIn(Database database, DeveloperStore developers, PortalSessionStore sessions, PortalSessions opening, PortalAuthenticator authenticator, PasswordHasher hasher, RateLimits limits, PortalMails mails, MessageOutbox outbox, TimeProvider clock, InstallationLog log)
{
    private const string Scope = DeveloperAccounts.Scope;
    private const int MostTries = 5;
    private static readonly TimeSpan SecondStepLasts = TimeSpan.FromMinutes(10);
    private static readonly Error Wrong = ErrorCodes.InvalidCredentials with { Message = "The e-mail address or the password is wrong." };
    private static readonly Error WrongCode = ErrorCodes.InvalidCredentials with { Message = "This code is wrong, or was used already." };
    private static readonly Error Over = ErrorCodes.InvalidToken with { Message = "Please sign in again." };

    /// <summary>600 for a wrong address or password alike, after the same work; 700 after too many.</summary>
    public async Task<Result<SignInStep>> SignIn(string email, string password, Device device)
    {
        var address = Handle.Normalise(email);
        var subject = $"{address}|{device.Client.Network}";
        if (await limits.Take(Scope, new Try(DefaultLimits.PortalLogins, subject), new Try(DefaultLimits.FailedLoginsOfNetwork, device.Client.Network, UnlessKnown: subject)) is not null)
        {
            return AccountInput.TooMany;
        }

        var developer = await database.Read(db => developers.ByEmail(db, address));
        var (match, busy) = await hasher.Verify(Scope, developer?.PasswordHash, new RawPassword(password).As(prehashed: false));
        if (busy is not null)
        {
            await database.Write(async db =>
            {
                await limits.GiveBack(db, DefaultLimits.PortalLogins, Scope, subject);
                await limits.GiveBackUnlessKnown(db, DefaultLimits.FailedLoginsOfNetwork, Scope, device.Client.Network, subject);
            });
            return AccountInput.Busy;
        }

        var (step, refused) = match!.Matches ? await database.Write(db => Begin(db, developer!, subject, device)) : Wrong;
        Log(step is SignedInToPortal ? "signed in" : step is null ? "wrong password" : "right password, second factor asked for", developer?.Id, device);
        return refused is null ? step! : refused;
    }

    /// <summary>Whether the login waits for its second factor still.</summary>
    public Task<bool> IsWaiting(string loginToken) => database.Read(db => sessions.IsLogin(db, Secrets.Hash(loginToken), MostTries, clock.Now()));

    /// <summary>The token of a new session, for a code of the app or a recovery code: 600 when it is wrong or used, 613 when the login is over, 700 after too many.</summary>
    public async Task<Result<string>> Complete(string loginToken, string code, Device device)
    {
        var hash = Secrets.Hash(loginToken);

        // The try is spent whatever comes of it.
        if (await database.Write(db => sessions.TakeLoginTry(db, hash, MostTries, clock.Now())) is not { } developerId)
        {
            return Over;
        }

        if (await limits.Take(Scope, new Try(DefaultLimits.TotpTries, developerId)) is not null)
        {
            return AccountInput.TooMany;
        }

        var completed = await database.Write(db => Complete(db, hash, developerId, code, device));
        outbox.Wake();
        Log(completed.Error is null ? "signed in by second factor" : "wrong second factor", developerId, device);
        return completed;
    }

    /// <summary>An address that is no account's may be a password in the wrong field, so it is not written down.</summary>
    private void Log(string what, string? developerId, Device device) => log.Own(what, developerId ?? "unknown", device.Client.Address);

    private async Task<Result<SignInStep>> Begin(DbConnection db, Developer checkedOne, string subject, Device device)
    {
        // Anything may have happened while the password was hashed.
        if (await developers.FindForUpdate(db, checkedOne.Id) is not { IsActive: true } developer || developer.PasswordHash != checkedOne.PasswordHash)
        {
            return Wrong;
        }

        await limits.Clear(db, DefaultLimits.PortalLogins, Scope, subject);
        await limits.GiveBackUnlessKnown(db, DefaultLimits.FailedLoginsOfNetwork, Scope, device.Client.Network, subject);
        await limits.Recognise(db, Scope, subject);
        if (!developer.HasSecondFactor)
        {
            return new SignedInToPortal(await opening.Open(db, developer.Id, device));
        }

        var token = Secrets.Token();
        await sessions.InsertLogin(db, Secrets.Hash(token), developer.Id, clock.Now() + (long)SecondStepLasts.TotalMilliseconds);
        return new SecondStep(token);
    }

    private async Task<Result<string>> Complete(DbConnection db, string hash, string developerId, string code, Device device)
    {
        if (await developers.FindForUpdate(db, developerId) is not { IsActive: true, HasSecondFactor: true } developer)
        {
            return Over;
        }

        var accepted = await authenticator.Accepts(db, developer, code);
        if (accepted == AcceptedCode.None)
        {
            return WrongCode;
        }

        if (!await sessions.UseLogin(db, hash))
        {
            return Over;
        }

        if (accepted == AcceptedCode.Recovery)
        {
            await mails.Put(db, developer.Email, PortalMailKind.RecoveryCodeUsed, new PortalMailValues(device.Client.Address, Number: await authenticator.CodesLeft(db, developer)));
        }

        return await opening.Open(db, developer.Id, device);
    }
}
