using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users;

namespace Latchkey.Api.SocialLogin;

/// <summary>A fresh ID token that proves again who is logged in, by any identity of the user.</summary>
public sealed class OwnIdToken(Database database, IdTokenValidator idTokenValidator, SocialUsers socialUsers)
{
    /// <summary>The token's identity; 613 when the token is not valid or is somebody else's. It is not used up yet.</summary>
    public async Task<Result<SocialIdentity>> Validate(UserCaller caller, string token, string? nonce, CancellationToken stop)
    {
        var (settings, user) = (caller.Application.Settings, caller.User);
        var provider = IdTokenValidator.ClaimedProvider(token) ?? user.LoginProvider;
        if ((await idTokenValidator.Validate(settings, provider, token, nonce, stop)).Failed(out var identity, out var refused))
        {
            return refused.Code == ErrorCodes.InvalidToken.Code ? refused : ErrorCodes.InvalidToken.WithCause(refused.Message);
        }

        return await IsOwn(caller, identity) ? identity : ErrorCodes.InvalidToken.WithCause("the token of another account");
    }

    /// <summary>Whether the identity is one that the user signs in with.</summary>
    public async Task<bool> IsOwn(UserCaller caller, SocialIdentity identity) =>
        WaysIn.Includes(caller.Application.Settings, caller.User, identity.Provider)
        && await database.Read(db => socialUsers.IsOwn(db, caller.User, identity));
}
