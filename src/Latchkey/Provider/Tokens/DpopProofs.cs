using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// Checks DPoP proofs: that the sender of a request has the private key that tokens are, or will be, bound to (RFC 9449 §4.3). A proof
/// works once, on whatever node, from a minute before to ten seconds after its <c>iat</c>.
/// </summary>
public sealed class DpopProofs(UsedTokenStore used, Database database, DpopNonces nonces, TimeProvider clock)
{
    public const string Header = "DPoP";

    /// <summary>For <c>dpop_signing_alg_values_supported</c>, and the <c>algs</c> of challenges.</summary>
    public static readonly IReadOnlyList<string> Algorithms = [JwsKey.Es256, JwsKey.Rs256];

    /// <summary>How old a proof may be. Used ones are remembered for as long.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    /// <summary>How far the sender's clock may be ahead.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromSeconds(10);

    private const string Type = "dpop+jwt";
    private const int MaxLength = 8 * 1024;

    /// <summary>
    /// The proof of a request, used up by this; null when it has none. invalid_dpop_proof for one that is not valid, use_dpop_nonce for one
    /// without the nonce that the client's setting demands. Call it once a request, when the client is known.
    /// </summary>
    public async Task<Result<DpopProof?>> Read(HttpRequest request, ProviderCaller caller, Client client, DpopEndpoint endpoint)
    {
        var headers = request.Headers[Header];
        if (client.Settings.DpopNonceRequired)
        {
            // With every answer, so that the client has the next one before this one is old (RFC 9449 §8.2).
            request.HttpContext.Response.Headers[DpopNonces.Header] = nonces.Current(caller.Application.Id, endpoint.NonceKind);
        }

        return headers.Count switch
        {
            0 => Result(null),
            1 when headers[0] is { } text => await Use(text, caller.Application.Id, client, endpoint),
            _ => OAuthErrors.InvalidDpopProof.WithCause("several DPoP headers"),
        };
    }

    private async Task<Result<DpopProof?>> Use(string text, string appId, Client client, DpopEndpoint endpoint)
    {
        if (text.Length > MaxLength || Jwt.VerifySelfSigned(text, Type) is not { } token || Jwt.Claims(token.Payload) is not { } document)
        {
            return OAuthErrors.InvalidDpopProof.WithCause("not a signed proof");
        }

        using (document)
        {
            var claims = document.RootElement;
            if (FindFault(claims, endpoint) is { } fault)
            {
                return OAuthErrors.InvalidDpopProof.WithCause(fault);
            }

            if (client.Settings.DpopNonceRequired && !HasNonce(claims, appId, endpoint))
            {
                return OAuthErrors.UseDpopNonce;
            }

            var id = UsedTokenStore.KeyOf(UsedTokenStore.DpopProof, token.Thumbprint, claims.GetStringOrNull("jti") ?? "");
            var forgottenAt = ((claims.GetNumericDate("iat") ?? 0) + 1) * 1000 + (long)MaxAge.TotalMilliseconds;
            return await database.Write(db => used.TryUse(db, appId, id, forgottenAt))
                ? new DpopProof(token.Thumbprint)
                : OAuthErrors.InvalidDpopProof.WithCause("used before");
        }
    }

    private string? FindFault(JsonElement claims, DpopEndpoint endpoint) =>
        claims.GetStringOrNull("jti") is not { Length: > 0 } ? "jti is missing"
        : claims.GetStringOrNull("htm") != endpoint.Method ? "htm is another method"
        : !IsAddress(claims.GetStringOrNull("htu"), endpoint.Uri) ? "htu is another address"
        : claims.GetNumericDate("iat") is not { } issuedAt ? "iat is missing"
        : !IsInWindow(issuedAt) ? "iat is too old or ahead"
        : endpoint.AccessToken is { } accessToken && claims.GetStringOrNull("ath") != HashOf(accessToken) ? "ath is of another token"
        : null;

    private bool HasNonce(JsonElement claims, string appId, DpopEndpoint endpoint) =>
        claims.GetStringOrNull("nonce") is { } nonce && nonces.IsValid(appId, endpoint.NonceKind, nonce);

    private bool IsInWindow(long issuedAt)
    {
        var age = clock.Now() - (issuedAt * 1000);
        return age <= MaxAge.TotalMilliseconds + 999 && age >= -MaxAhead.TotalMilliseconds; // the clock's fraction of a second
    }

    /// <summary>
    /// Compares addresses without query and fragment; scheme, host and default port are normalised (RFC 9449 §4.3, RFC 3986 §6.2).
    /// </summary>
    private static bool IsAddress(string? text, string expected) =>
        Uri.TryCreate(text, UriKind.Absolute, out var given)
        && Uri.TryCreate(expected, UriKind.Absolute, out var own)
        && given.UserInfo.Length == 0
        && given.Scheme == own.Scheme
        && given.IdnHost == own.IdnHost
        && given.Port == own.Port
        && given.AbsolutePath == own.AbsolutePath;

    private static string HashOf(string accessToken) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));

    private static Result<DpopProof?> Result(DpopProof? proof) => proof;
}
