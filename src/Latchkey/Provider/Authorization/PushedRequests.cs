using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Clients;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Authorization;

/// <summary>
/// Pushed authorization requests (RFC 9126). The request URI is the request itself, sealed: nothing is stored before it is used.
/// </summary>
public sealed class PushedRequests(PendingAuthorizations pendings, TimeProvider clock)
{
    public const string UriPrefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>How long a request URI can be opened.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Of a request URI; it must have room in an address.</summary>
    private const int MaxLength = 6_500;

    private static readonly Error TooLarge = OAuthErrors.InvalidRequest with
    {
        Message = "The request is too large.",
        HttpStatus = StatusCodes.Status413PayloadTooLarge,
    };

    /// <summary>The sealed text of one of our request URIs; null for any other address.</summary>
    public static string? SealedOf(string requestUri) =>
        requestUri.StartsWith(UriPrefix, StringComparison.Ordinal) ? requestUri[UriPrefix.Length..] : null;

    /// <summary>The parameters that mean something, as a query.</summary>
    public static string ToQuery(IReadOnlyList<KeyValuePair<string, string>> pairs) =>
        string.Join(
            '&',
            pairs
                .Where(pair => pair.Value.Length > 0 && AuthorizationRequestReader.Known.Contains(pair.Key, StringComparer.Ordinal))
                .Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")
        );

    /// <summary>
    /// The request URI for a client that has proved itself. All rules of the authorization endpoint hold, and the request must have no
    /// request_uri.
    /// </summary>
    /// <param name="caller">The application.</param>
    /// <param name="client">The client.</param>
    /// <param name="parameters">The form.</param>
    /// <param name="proofKey">The thumbprint of the DPoP proof beside it; null for none.</param>
    public Result<string> Push(ProviderCaller caller, Client client, OAuthParameters parameters, string? proofKey)
    {
        if (parameters.Has("request_uri"))
        {
            return OAuthErrors.InvalidRequest with { Message = "request_uri cannot be pushed." };
        }

        // A client that proved itself by the header need not name itself in the form.
        KeyValuePair<string, string>[] pairs =
        [
            KeyValuePair.Create("client_id", client.Id),
            .. parameters.All.Where(pair => pair.Key != "client_id"),
        ];
        if (AuthorizationRequestReader.FindTarget(client, pairs).Failed(out var to, out var nowhere))
        {
            return nowhere;
        }

        if (AuthorizationRequestReader.Read(caller, client, to, pairs).Failed(out var request, out var refused))
        {
            return refused;
        }

        if (request.DpopKey is { } named && proofKey is not null && named != proofKey)
        {
            return OAuthErrors.InvalidDpopProof with { Message = "dpop_jkt is not the key of the DPoP proof." };
        }

        var expiresAt = clock.Now() + (long)Lifetime.TotalMilliseconds;
        var pending = new PendingAuthorization(SessionGrants.NewId(), ToQuery(pairs), client.Id, true, 0, expiresAt, proofKey);
        var uri = UriPrefix + pendings.Write(caller.Application, pending);
        return uri.Length <= MaxLength ? uri : TooLarge;
    }
}
