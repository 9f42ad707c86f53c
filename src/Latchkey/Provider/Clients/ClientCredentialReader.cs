using System.Text;
using Latchkey.Core;

namespace Latchkey.Provider.Clients;

/// <summary>Finds how a request's client proves itself (RFC 6749 §2.3, RFC 7521 §4.2).</summary>
public static class ClientCredentialReader
{
    private const string BasicPrefix = "Basic ";
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>invalid_request for two methods in one request, invalid_client for a header that cannot be read.</summary>
    public static Result<ClientCredential> Read(HttpRequest request, OAuthParameters parameters)
    {
        var headers = request.Headers.Authorization;
        var (id, secret) = (parameters["client_id"], parameters["client_secret"]);
        var hasAssertion = parameters.Has("client_assertion") || parameters.Has("client_assertion_type");
        if (headers.Count + (secret is null ? 0 : 1) + (hasAssertion ? 1 : 0) > 1)
        {
            return OAuthErrors.InvalidRequest with { Message = "The client proves itself in more than one way." };
        }

        return headers.Count > 0 ? ReadBasic(headers.ToString(), id)
            : hasAssertion ? ReadAssertion(parameters, id)
            : secret is not null ? new ClientCredential(ClientAuthenticationMethod.SecretPost, id, secret)
            : new ClientCredential(ClientAuthenticationMethod.None, id, "");
    }

    /// <summary>Id and secret are form-encoded before they are joined (RFC 6749 §2.3.1).</summary>
    private static Result<ClientCredential> ReadBasic(string header, string? idOfForm)
    {
        var bytes = new byte[header.Length];
        if (
            !header.StartsWith(BasicPrefix, StringComparison.OrdinalIgnoreCase)
            || !Convert.TryFromBase64String(header[BasicPrefix.Length..].Trim(), bytes, out var length)
            || bytes.AsSpan(0, length).IndexOf((byte)':') is not (>= 0 and var colon)
            || StrictUtf8.PercentDecode(bytes.AsSpan(0, colon)) is not { } id
            || StrictUtf8.PercentDecode(bytes.AsSpan(colon + 1, length - colon - 1)) is not { } secret
        )
        {
            return OAuthErrors.InvalidClient.WithCause("the header Authorization is not Basic with a client and its secret");
        }

        return idOfForm is not null && idOfForm != id
            ? OAuthErrors.InvalidRequest with
            {
                Message = "The header Authorization and client_id name two clients.",
            }
            : new ClientCredential(ClientAuthenticationMethod.SecretBasic, id, secret);
    }

    private static Result<ClientCredential> ReadAssertion(OAuthParameters parameters, string? id) =>
        parameters["client_assertion"] is not { } assertion || parameters["client_assertion_type"] != AssertionType
            ? OAuthErrors.InvalidRequest with
            {
                Message = "client_assertion needs client_assertion_type, which must be that of RFC 7523.",
            }
            : new ClientCredential(ClientAuthenticationMethod.PrivateKey, id, assertion);
}
