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

/// <summary>Signing up and logging in with an ID token of Apple or Google.</summary>
public sealed class SocialRules(
    Database database,
    UserStore users,
    SocialUsers socialUsers,
    UserRegistration registration,
    SignIn signIn,
    SecondFactor secondFactor,
    IdTokenValidator idTokenValidator,
    UsedIdTokens usedIdTokens,
    MessageOutbox outbox,
    AuditStore audit
)
{
    /// <summary>
    /// 613 for a bad token or another handle than its address; 604 metadata; 610/611/612 when the handle, or the person, has an account.
    /// </summary>
    public async Task<Result<TokenResponse>> SignUp(AppCaller caller, SocialSignupInput input, CancellationToken stop)
    {
        if ((await TrySignUp(caller, input, stop)).Failed(out var registered, out var refused))
        {
            return refused;
        }

        outbox.Wake();
        return registration.IssueTokens(caller.Application, registered);
    }

    /// <summary>
    /// 603 unknown, 404 suspended, 610/611/612 when the address has an account of another kind, 613 for a bad token, 700 when the user's
    /// number has had too many SMS.
    /// </summary>
    public async Task<Result<LoginResult>> LogIn(AppCaller caller, SocialLoginInput input, CancellationToken stop)
    {
        var application = caller.Application;
        if (
            (await idTokenValidator.Validate(application.Settings, input.Provider, input.Token, input.Nonce, stop)).Failed(
                out var identity,
                out var refused
            )
        )
        {
            return refused;
        }

        if ((await database.Read(db => socialUsers.Find(db, application, identity))).Failed(out var user, out var unknown))
        {
            return unknown;
        }

        var wanted = await secondFactor.FindSocialDemand(application, user, input.DeviceToken);
        if ((await secondFactor.TryAcquireMessage(application, user, wanted)).Failed(out var demand, out var tooMany))
        {
            return tooMany;
        }

        if ((await database.Write(db => Open(db, caller, identity, user, demand))).Failed(out var opened, out var problem))
        {
            return problem;
        }

        outbox.Wake();
        if (opened.LoginToken is { } loginToken)
        {
            return new SecondFactorRequired(loginToken);
        }

        var session = opened.Session ?? throw new InvalidOperationException("neither a session nor a login token");
        var signedIn = signIn.IssueTokens(application, user, session);
        return new SocialLoggedIn(
            new SocialTokenResponse(
                signedIn.Jwt,
                signedIn.AccessToken,
                user.Handle,
                signedIn.RefreshToken,
                signedIn.ExpiresIn,
                signedIn.OfferPasskey
            )
        );
    }

    private async Task<Result<RegisteredUser>> TrySignUp(AppCaller caller, SocialSignupInput input, CancellationToken stop)
    {
        var settings = caller.Application.Settings;
        var (_, off) = IdTokenValidator.Audiences(settings, input.Provider);
        if (off is not null)
        {
            return off;
        }

        if (Handle.ParseEmail(input.Handle).Failed(out var handle, out var notAnAddress))
        {
            return notAnAddress;
        }

        if (LocaleCodes.Resolve(settings, input.Locale).Failed(out var locale, out var noLocale))
        {
            return noLocale;
        }

        if (
            (await idTokenValidator.Validate(settings, input.Provider, input.Token, input.Nonce, stop)).Failed(
                out var identity,
                out var badToken
            )
        )
        {
            return badToken;
        }

        if (identity.Email?.Key != handle.Key)
        {
            return ErrorCodes.InvalidToken.WithCause("the token has another address");
        }

        return Metadata.Validate(settings.MetaData, input.MetaData).Failed(out var values, out var badMetadata)
            ? badMetadata
            : await database.Write(db => Register(db, caller, identity, handle.Text, locale, Metadata.Write(values)));
    }

    private async Task<Result<RegisteredUser>> Register(
        DbConnection db,
        AppCaller caller,
        SocialIdentity identity,
        string email,
        string locale,
        string metadata
    )
    {
        var appId = caller.Application.Id;
        if (await socialUsers.FindDouble(db, appId, identity, email) is { } known)
        {
            return SocialUsers.AccountExists(known);
        }

        var result = await registration.Register(
            db,
            caller.Application,
            caller.Client,
            new NewUser
            {
                Handle = email,
                Origin = UserOrigin.Social,
                Action = "socialSignup",
                Locale = locale,
                EmailVerified = true,
                Metadata = metadata,
                LoginProvider = identity.Provider,
                UpgradesUserId = caller.UpgradingUser?.Id,
                Methods = AuthenticationMethods.Federated,
            }
        );
        if (result.Failed(out var registered, out var refused))
        {
            return refused == ErrorCodes.HandleRegistered ? ErrorCodes.EmailAccountExists : refused;
        }

        return !await socialUsers.Add(db, registered.User, identity) ? ErrorCodes.EmailAccountExists
            : await usedIdTokens.Use(db, appId, identity) is { } replayed ? replayed
            : registered;
    }

    private async Task<Result<Opened>> Open(DbConnection db, AppCaller caller, SocialIdentity identity, User user, FactorDemand demand)
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

        await audit.Add(
            db,
            new AuditEntry(application.Id, "socialLogin", user.Handle, caller.Client.Address) { Detail = demand.Describe() }
        );
        if (!demand.IsNeeded)
        {
            return new Opened(await signIn.Open(db, application, locked, caller.Client, AuthenticationMethods.Federated), null);
        }

        var begun = await secondFactor.Begin(db, application, locked, caller.Client, demand, AuthenticationMethods.Federated);
        return begun.Failed(out var token, out var full) ? full : new Opened(null, token);
    }

    private sealed record Opened(Session? Session, LoginTokenAnswer? LoginToken);
}
