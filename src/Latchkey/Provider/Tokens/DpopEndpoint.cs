namespace Latchkey.Provider.Tokens;

/// <summary>What a DPoP proof must be made for.</summary>
/// <param name="Method">The claim <c>htm</c>: the method of the request.</param>
/// <param name="Uri">The claim <c>htu</c>: the public address of the endpoint, whatever the header Host says.</param>
/// <param name="NonceKind">Whose nonces it takes: those of the authorization server and of UserInfo are not the same.</param>
/// <param name="AccessToken">The token that the request comes with, for the claim <c>ath</c>; null where there is none.</param>
public sealed record DpopEndpoint(string Method, string Uri, string NonceKind, string? AccessToken)
{
    /// <summary>An endpoint where tokens are asked for: token, par, device_authorization.</summary>
    /// <param name="path">Below <c>oauth2/</c>.</param>
    public static DpopEndpoint OfServer(ProviderCaller caller, string path) =>
        new(HttpMethods.Post, $"{caller.Issuer}/oauth2/{path}", DpopNonces.OfServer, AccessToken: null);

    /// <summary>An endpoint where an access token is used.</summary>
    public static DpopEndpoint OfResource(ProviderCaller caller, string method, string path, string accessToken) =>
        new(method, $"{caller.Issuer}/oauth2/{path}", DpopNonces.OfResource, accessToken);
}
