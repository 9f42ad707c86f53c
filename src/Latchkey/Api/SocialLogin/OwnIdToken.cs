using Latchkey.Api.Authentication;
using Latchkey.Core;

namespace Latchkey.Api.SocialLogin;

/// <summary>A fresh ID token that proves again who is logged in with Apple or Google.</summary>
public sealed class OwnIdToken(IdTokenValidator idTokenValidator)
{
    /// <summary>The token's identity; 613 when the token is not valid or is somebody else's. It is not used up yet.</summary>
    public async Task<Result<SocialIdentity>> Validate(UserCaller caller, string token, string? nonce, CancellationToken stop)
    {
        var user = caller.User;
        if (
            (await idTokenValidator.Validate(caller.Application.Settings, user.LoginProvider, token, nonce, stop)).Failed(
                out var identity,
                out var refused
            )
        )
        {
            return refused.Code == ErrorCodes.InvalidToken.Code ? refused : ErrorCodes.InvalidToken.WithCause(refused.Message);
        }

        var isOwn = user.ProviderSubject is null ? identity.Email?.Key == user.HandleKey : identity.Subject == user.ProviderSubject;
        return isOwn ? identity : ErrorCodes.InvalidToken.WithCause("the token of another account");
    }
}
