using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
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
    UserRegistration registration,
    SignIn signIn,
    IdTokenValidator idTokenValidator,
    MessageOutbox outbox,
    AuditStore audit
)
{
    /// <summary>
    /// 613 for a bad token or another handle than its address; 604 metadata; 610/611/612 when the handle, or the person, has an account.
    /// </summary>
    public async Task<Result<TokenResponse>> SignUp(AppCaller caller, SocialSignupInput input, CancellationToken stop)
    {
        var (registered, refused) = await TrySignUp(caller, input, stop);
        if (refused is not null)
        {
            return refused;
        }

        outbox.Wake();
        return registration.IssueTokens(caller.Application, registered!);
    }

    /// <summary>603 unknown, 404 suspended, 610/611/612 when the address has an account of another kind, 613 for a bad token.</summary>
    public async Task<Result<SocialTokenResponse>> LogIn(
        AppCaller caller,
        string provider,
        string token,
        string? nonce,
        CancellationToken stop
    )
    {
        var (identity, refused) = await idTokenValidator.Validate(caller.Application.Settings, provider, token, nonce, stop);
        var (opened, problem) = refused is not null ? refused : await database.Write(db => Open(db, caller, identity!));
        if (problem is not null)
        {
            return problem;
        }

        var signedIn = signIn.IssueTokens(caller.Application, opened!.User, opened.Session);
        return new SocialTokenResponse(signedIn.Jwt, signedIn.AccessToken, opened.User.Handle);
    }

    private async Task<Result<RegisteredUser>> TrySignUp(AppCaller caller, SocialSignupInput input, CancellationToken stop)
    {
        var settings = caller.Application.Settings;
        var (_, off) = IdTokenValidator.Audiences(settings, input.Provider);
        if (off is not null)
        {
            return off;
        }

        var (handle, notAnAddress) = Handle.ParseEmail(input.Handle);
        if (notAnAddress is not null)
        {
            return notAnAddress;
        }

        var (locale, noLocale) = LocaleCodes.Resolve(settings, input.Locale);
        if (noLocale is not null)
        {
            return noLocale;
        }

        var (identity, badToken) = await idTokenValidator.Validate(settings, input.Provider, input.Token, input.Nonce, stop);
        if (badToken is not null)
        {
            return badToken;
        }

        if (identity!.Email != handle.Text)
        {
            return ErrorCodes.InvalidToken.WithCause("the token has another address");
        }

        var (values, badMetadata) = Metadata.Validate(settings.MetaData, input.MetaData);
        return badMetadata is not null
            ? badMetadata
            : await database.Write(db => Register(db, caller, identity, locale!, Metadata.Write(values!)));
    }

    private async Task<Result<RegisteredUser>> Register(
        DbConnection db,
        AppCaller caller,
        SocialIdentity identity,
        string locale,
        string metadata
    )
    {
        var appId = caller.Application.Id;
        if (
            (
                await users.FindByHandle(db, appId, identity.Email!)
                ?? await users.FindBySubject(db, appId, identity.Provider, identity.Subject)
            ) is
            { } known
        )
        {
            return AccountExists(known);
        }

        var result = await registration.Register(
            db,
            caller.Application,
            caller.Client,
            new NewUser
            {
                Handle = identity.Email!,
                Origin = UserOrigin.Social,
                Action = "socialSignup",
                Locale = locale,
                EmailVerified = true,
                Metadata = metadata,
                LoginProvider = identity.Provider,
                ProviderSubject = identity.Subject,
                UpgradesUserId = caller.UpgradingUser?.Id,
            }
        );
        return result.Error == ErrorCodes.HandleRegistered ? ErrorCodes.EmailAccountExists : result;
    }

    private async Task<Result<SessionUser>> Open(DbConnection db, AppCaller caller, SocialIdentity identity)
    {
        var application = caller.Application;
        var (user, unknown) = await Find(db, application.Id, identity);
        if (unknown is not null)
        {
            return unknown;
        }

        if (await users.FindForUpdate(db, database.Dialect, application.Id, user!.Id) is not { IsSuspended: false } locked)
        {
            return ErrorCodes.UserSuspended;
        }

        await audit.Add(db, new AuditEntry(application.Id, "socialLogin", user.Handle, caller.Client.Address));
        return new SessionUser(user, await signIn.Open(db, application, locked, caller.Client.Address));
    }

    /// <summary>By subject; by address only for a user of the same provider whose subject is not known yet (an import).</summary>
    private async Task<Result<User>> Find(DbConnection db, string appId, SocialIdentity identity)
    {
        if (await users.FindBySubject(db, appId, identity.Provider, identity.Subject) is { } known)
        {
            return known;
        }

        if (identity.Email is null || await users.FindByHandle(db, appId, identity.Email) is not { } owner)
        {
            return ErrorCodes.AccountNotFound;
        }

        return
            owner.LoginProvider == identity.Provider
            && owner.ProviderSubject is null
            && await users.SetSubject(db, appId, owner.Id, identity.Subject)
            ? owner
            : AccountExists(owner);
    }

    private static Error AccountExists(User user) =>
        user.LoginProvider switch
        {
            SocialProvider.Apple => ErrorCodes.AppleAccountExists,
            SocialProvider.Google => ErrorCodes.GoogleAccountExists,
            _ => ErrorCodes.EmailAccountExists,
        };
}
