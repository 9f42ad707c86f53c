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
    UserRegistration registration,
    SignIn signIn,
    IdTokenValidator idTokenValidator,
    IdentitySignIn identitySignIn,
    IdentityRegistration identityRegistration,
    MessageOutbox outbox
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

        if ((await identitySignIn.LogIn(caller, identity, input.DeviceToken, "socialLogin")).Failed(out var result, out var problem))
        {
            return problem;
        }

        if (result is not LoggedIn(var user, var session))
        {
            return result;
        }

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
            : await database.Write(db =>
                identityRegistration.Register(db, caller, identity, new(handle.Text, locale, Metadata.Write(values), "socialSignup"))
            );
    }
}
