using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Templates;
using Latchkey.Users.Passwords;

namespace Latchkey.Accounts;

/// <summary>Portal sign-in: the password, then the second factor if enabled.</summary>
public sealed class PortalSignIn(
    Database database,
    DeveloperStore developers,
    PortalSessionStore sessions,
    PortalSessions portalSessions,
    PortalCodes codes,
    PasswordHasher hasher,
    PasswordAttempts passwordAttempts,
    PortalMailer mails,
    TimeProvider clock,
    InstallationLog log
)
{
    /// <summary>The second-factor attempts of one login, by code and by passkey.</summary>
    public const int MaxAttempts = 5;

    /// <summary>613 when a login has ended before its second factor.</summary>
    public static readonly Error LoginExpired = ErrorCodes.InvalidToken with { Message = "Please sign in again." };

    private const string Scope = DeveloperAccounts.Scope;
    private static readonly TimeSpan SecondFactorLifetime = TimeSpan.FromMinutes(10);
    private static readonly Error InvalidCredentials = ErrorCodes.InvalidCredentials with
    {
        Message = "The e-mail address or the password is wrong.",
    };

    /// <summary>600 for an unknown address or wrong password, after the same work; 700 after too many attempts.</summary>
    public async Task<Result<PortalSignInResult>> SignIn(string email, string password, Device device)
    {
        var address = Handle.Normalise(email);
        if ((await passwordAttempts.TryAcquire(Scope, address, device.Client)).Failed(out var isGuessing, out var tooMany))
        {
            return AccountValidator.TooManyAttempts;
        }

        var developer = await database.Read(db => developers.FindByEmail(db, address));
        if (
            (
                await hasher.Verify(
                    HashingShare.ForScope(Scope, device.Client.Network),
                    developer?.PasswordHash,
                    new RawPassword(password).ToInput(prehashed: false)
                )
            ).Failed(out var match, out var busy)
        )
        {
            await database.Write(db => passwordAttempts.Release(db, Scope, address, device.Client));
            return AccountValidator.Busy;
        }

        var begun =
            match.Matches && developer is not null ? await database.Write(db => Begin(db, developer, address, device)) : InvalidCredentials;
        if (!match.Matches && isGuessing)
        {
            await NotifyOfGuessing(developer, address, device);
        }

        await Log(
            begun.Value is SignedInToPortal ? "signed in"
                : begun.Value is null ? "wrong password"
                : "right password, second factor asked for",
            developer?.Id,
            device,
            isRefused: !begun.Succeeded
        );
        return begun;
    }

    /// <summary>Notifies the owner, at most once a day, that many networks are guessing the password.</summary>
    private async Task NotifyOfGuessing(Developer? developer, string address, Device device)
    {
        if (await passwordAttempts.TryAcquireNotice(Scope, address) && developer is not null)
        {
            await database.Write(db =>
                mails.Enqueue(db, developer.Email, PortalMailKind.PasswordGuessing, new PortalMailValues(device.Client.Address))
            );
            mails.Wake();
        }
    }

    /// <summary>The account whose login still waits for its second factor; null when the login has ended.</summary>
    public Task<Developer?> FindPending(string loginToken) =>
        database.Read(async db =>
            await sessions.FindPendingLogin(db, Secrets.Hash(loginToken), MaxAttempts, clock.Now()) is { } developerId
                ? await developers.Find(db, developerId)
                : null
        );

    /// <summary>
    /// Completes the login with a code of the app or a recovery code and returns the new session's token. 600 when the code is wrong or
    /// used, 613 when the login has ended, 700 after too many attempts.
    /// </summary>
    public async Task<Result<string>> Complete(string loginToken, string code, Device device)
    {
        var hash = Secrets.Hash(loginToken);

        // The attempt is counted before the code is verified.
        if (await database.Write(db => sessions.CountLoginAttempt(db, hash, MaxAttempts, clock.Now())) is not { } developerId)
        {
            return LoginExpired;
        }

        if (await codes.TryAcquireAttempt(developerId) is { } tooMany)
        {
            return tooMany;
        }

        var completed = (await database.Write(db => Complete(db, hash, developerId, code, device))).Result;
        mails.Wake();
        var isWrong = !completed.Succeeded;
        await Log(isWrong ? "wrong second factor" : "signed in by second factor", developerId, device, isWrong);
        return completed;
    }

    /// <summary>An unknown address is not logged: it may be a password typed into the wrong field.</summary>
    private Task Log(string what, string? developerId, Device device, bool isRefused) =>
        log.Add(InstallationEntry.OfOwnAccount(InstallationEntry.SignIn, what, developerId ?? "", device.Client, isRefused));

    private async Task<Result<PortalSignInResult>> Begin(DbConnection db, Developer checkedOne, string address, Device device)
    {
        // The account may have changed while the password was hashed.
        if (
            await developers.FindForUpdate(db, checkedOne.Id) is not { IsActive: true } developer
            || developer.PasswordHash != checkedOne.PasswordHash
        )
        {
            return InvalidCredentials;
        }

        if (PortalCodes.FindForcedReset(developer) is { } mustReset)
        {
            return mustReset;
        }

        await passwordAttempts.RecordSuccess(db, Scope, address, device.Client);
        if (!developer.HasSecondFactor)
        {
            return new SignedInToPortal(await portalSessions.Create(db, developer.Id, device));
        }

        var token = Secrets.Token();
        await sessions.InsertPendingLogin(
            db,
            Secrets.Hash(token),
            developer.Id,
            clock.Now() + (long)SecondFactorLifetime.TotalMilliseconds
        );
        return new PortalSecondFactorRequired(token);
    }

    /// <summary>Returns a refusal inside a value, so that the count of wrong codes is committed.</summary>
    private async Task<Completion> Complete(DbConnection db, string hash, string developerId, string code, Device device)
    {
        if (await developers.FindForUpdate(db, developerId) is not { IsActive: true, HasSecondFactor: true } developer)
        {
            return new(LoginExpired);
        }

        if (await codes.Verify(db, developer, code, device.Client) is { } refused)
        {
            return new(refused);
        }

        if (!await sessions.TryConsumeLogin(db, hash))
        {
            return new(LoginExpired);
        }

        return new(await portalSessions.Create(db, developer.Id, device));
    }

    /// <summary>Commits the transaction, also with a refusal.</summary>
    private sealed record Completion(Result<string> Result);
}
