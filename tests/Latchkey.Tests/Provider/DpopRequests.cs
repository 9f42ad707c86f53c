namespace Latchkey.Tests.Provider;

/// <summary>Requests of clients that send DPoP proofs.</summary>
public static class DpopRequests
{
    public static string Address(this ProviderApp provider, string endpoint) => $"{provider.Issuer}/oauth2/{endpoint}";

    /// <summary>A proof for the token endpoint.</summary>
    public static (string Name, string Value) TokenProof(this DpopKey key, ProviderApp provider, string? nonce = null) =>
        key.Header(provider.Address("token"), nonce: nonce);

    /// <summary>As <see cref="ProviderClient.Token"/>, with more headers.</summary>
    public static Task<Reply> TokenWith(
        this ProviderClient client,
        (string Name, string Value) header,
        params (string Name, string Value)[] form
    ) =>
        client.Secret is null
            ? client.Provider.Post("token", [("client_id", client.Id), .. form], header)
            : client.Provider.Post("token", form, client.Basic, header);

    /// <summary>As <see cref="ProviderClient.Exchange"/>, with a proof.</summary>
    public static Task<Reply> ExchangeWith(this ProviderClient client, (string Name, string Value) header, string code) =>
        client.TokenWith(
            header,
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", ProviderApp.RedirectUri),
            ("code_verifier", ProviderApp.Verifier)
        );

    public static Task<Reply> RefreshWith(this ProviderClient client, (string Name, string Value) header, Reply tokens) =>
        client.TokenWith(header, ("grant_type", "refresh_token"), ("refresh_token", tokens.Text("refresh_token")));
}
