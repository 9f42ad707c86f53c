using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Locales;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.SocialLogin;

/// <summary>Signs the user of an identity in, or asks for the second factor.</summary>
public sealed class IdentitySignIn(
    Database database,
    UserStore users,
    SocialUsers socialUsers,
    SignIn signIn,
    SecondFactor secondFactor,
    UsedIdTokens usedIdTokens,
    MessageOutbox outbox,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>
    /// 603 unknown, 404 suspended, 610/611/612 when the address has an account of another kind, 613 when the token was used before,
    /// 700 when the user's number has had too many SMS.
    /// </summary>
    /// <param name="action">The function, as the log names it.</param>
    /// <param name="changeMetadata">The user's metadata after this sign-in; null when they stay as they are.</param>
    public async Task<Result<LoginResult>> LogIn(
        AppCaller caller,
        SocialIdentity identity,
        string? deviceToken,
        string action,
        Func<string, string?>? changeMetadata = null
    )
    {
        var application = caller.Application;
        if ((await database.Read(db => socialUsers.Find(db, application, identity))).Failed(out var user, out var unknown))
        {
            return unknown;
        }

        var wanted = await secondFactor.FindSocialDemand(application, user, deviceToken);
        if ((await secondFactor.TryAcquireMessage(application, user, wanted)).Failed(out var demand, out var tooMany))
        {
            return tooMany;
        }

        if (
            (await database.Write(db => Open(db, caller, identity, user, demand, action, changeMetadata))).Failed(
                out var opened,
                out var problem
            )
        )
        {
            return problem;
        }

        outbox.Wake();
        return opened switch
        {
            { LoginToken: { } token } => new SecondFactorRequired(token),
            { Session: { } session } => new LoggedIn(user, session),
            _ => throw new InvalidOperationException("neither a session nor a login token"),
        };
    }

    private async Task<Result<Opened>> Open(
        DbConnection db,
        AppCaller caller,
        SocialIdentity identity,
        User user,
        FactorDemand demand,
        string action,
        Func<string, string?>? changeMetadata
    )
    {
        var application = caller.Application;
        if (await users.FindForUpdate(db, database.Dialect, application.Id, user.Id) is not { IsSuspended: false } locked)
        {
            return ErrorCodes.UserSuspended;
        }

        if (await secondFactor.IsOutdated(db, application, locked, demand))
        {
            return ErrorCodes.InvalidToken.WithCause("the user's factors changed meanwhile");
        }

        if (!await socialUsers.RecordUse(db, caller, locked, identity))
        {
            return SocialUsers.AccountExists(locked);
        }

        if (SocialUsers.ReplacesEarlierOwner(locked, identity))
        {
            (locked, demand) = (EarlierOwner.Without(locked), FactorDemand.None); // the factors were the earlier owner's, and are gone
        }

        if (await usedIdTokens.Use(db, application.Id, identity) is { } replayed)
        {
            return replayed;
        }

        if (changeMetadata?.Invoke(locked.Metadata) is { } metadata)
        {
            await users.SetMetadata(db, application.Id, locked.Id, metadata, clock.Now());
        }

        await audit.Add(db, new AuditEntry(application.Id, action, user.Handle, caller.Client.Address) { Detail = demand.Describe() });
        if (!demand.IsNeeded)
        {
            var provedAt = identity.AuthenticatedAt;
            return new Opened(
                await signIn.Open(db, application, locked, caller.Client, AuthenticationMethods.Federated, provedAt: provedAt),
                null
            );
        }

        var begun = await secondFactor.Begin(db, application, locked, caller.Client, demand, AuthenticationMethods.Federated);
        return begun.Failed(out var token, out var full) ? full : new Opened(null, token);
    }

    private sealed record Opened(Session? Session, LoginTokenAnswer? LoginToken);
}
