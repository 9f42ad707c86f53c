using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Api.SocialLogin;

/// <summary>
/// The table used_id_tokens. An ID token works once, so that one that leaks from an app, a proxy or a log is worth nothing. A refusal uses
/// no token up: socialLogin that answers 603 and then socialSignup with the same token is the usual order.
/// </summary>
public sealed class UsedIdTokens
{
    private static readonly Error Replayed = ErrorCodes.InvalidToken.WithCause("the token was used before");

    /// <summary>Names a token by what its signature covers: a signature of ECDSA has a second spelling (RFC 6979 §2.4).</summary>
    public static string Hash(string token) => Secrets.Hash(token[..token.LastIndexOf('.')]);

    /// <summary>Uses the token up, in the transaction of the success; 613 when it was used before.</summary>
    public async Task<Error?> Use(DbConnection db, string appId, SocialIdentity identity) =>
        await db.ExecuteAsync(
            "INSERT INTO used_id_tokens (app_id, token_hash, expires_at) VALUES (@appId, @TokenHash, @TokenEndsAt) "
                + "ON CONFLICT (app_id, token_hash) DO NOTHING",
            new
            {
                appId,
                identity.TokenHash,
                identity.TokenEndsAt,
            }
        ) == 1
            ? null
            : Replayed;

    /// <summary>Deletes up to <paramref name="limit"/> tokens that are too old to be accepted. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM used_id_tokens WHERE (app_id, token_hash) IN (SELECT app_id, token_hash FROM used_id_tokens "
                + "WHERE expires_at < @before LIMIT @limit)",
            new { before, limit }
        );
}
