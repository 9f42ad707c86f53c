using System.Text.Json;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Server;

/// <summary>Verifies a token for a server that does not verify tokens itself.</summary>
public sealed class TokenVerification(
    Database database,
    UserStore users,
    SessionStore sessions,
    TokenResolver resolver,
    InstallationTokens tokens,
    TimeProvider clock
)
{
    /// <summary>405 not a token of this application or an ended session, 501 expired, 404 suspended, 603 the user was deleted.</summary>
    public async Task<Result<VerifiedToken>> Verify(Application application, string token) =>
        tokens.ReadAccess(token) is { } access ? await VerifyAccess(application, access, token) : await VerifyJwt(application, token);

    private async Task<Result<VerifiedToken>> VerifyAccess(Application application, AccessToken access, string token)
    {
        if (access.AppId != application.Id)
        {
            return ErrorCodes.InvalidAccessToken.WithCause("of another application");
        }

        return (await resolver.FromAccessToken(token, ClientAddress.From(null))).Failed(out var caller, out var refused)
            ? refused
            : new VerifiedToken("access-token", ClaimsOf(token), ((UserCaller)caller).User);
    }

    private async Task<Result<VerifiedToken>> VerifyJwt(Application application, string token)
    {
        if (
            Jwt.Verify(token, header => header.Type == "JWT" ? application.FindPublishedKey(header.KeyId) : null) is not { } payload
            || Jwt.Claims(payload) is not { } claims
        )
        {
            return ErrorCodes.InvalidAccessToken.WithCause("neither a user JWT nor an access token of this application");
        }

        using (claims)
        {
            if (claims.RootElement.GetNumericDate("exp") is not { } expires || expires <= clock.GetUtcNow().ToUnixTimeSeconds())
            {
                return ErrorCodes.AccessTokenExpired with { Message = "token expired" };
            }

            if (
                claims.RootElement.GetStringOrNull("uid") is not { } id
                || await database.Read(db => users.Find(db, application.Id, id)) is not { } user
            )
            {
                return ErrorCodes.AccountNotFound;
            }

            return user.IsSuspended ? ErrorCodes.UserSuspended
                : await IsSessionOver(user, claims.RootElement) ? ErrorCodes.InvalidAccessToken.WithCause("the session has ended")
                : new VerifiedToken("jwt", claims.RootElement.Clone(), user);
        }
    }

    /// <summary>Only user JWTs of the session mode refresh name a session.</summary>
    private async Task<bool> IsSessionOver(User user, JsonElement claims) =>
        claims.GetStringOrNull("sid") is { } id
        && !(await database.Read(db => sessions.ListActive(db, user.AppId, user.Id, clock.Now(), SignIn.MaxSessions))).Any(session =>
            session.PublicId == id
        );

    private static JsonElement ClaimsOf(string token)
    {
        using var document = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));
        return document.RootElement.Clone();
    }
}
