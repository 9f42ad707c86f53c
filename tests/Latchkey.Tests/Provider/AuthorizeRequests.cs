namespace Latchkey.Tests.Provider;

/// <summary>Authorization requests of a client under test.</summary>
public static class AuthorizeRequests
{
    public const string State = "state of the test";
    public const string Nonce = "nonce-of-the-test";

    extension(ProviderClient client)
    {
        /// <summary>The parameters of a usual request.</summary>
        /// <param name="changes">Null takes a parameter out; a parameter of the usual ones is replaced.</param>
        public IReadOnlyList<(string Name, string Value)> AuthorizeParameters(params (string Name, string? Value)[] changes)
        {
            (string Name, string Value)[] usual =
            [
                ("client_id", client.Id),
                ("redirect_uri", client.Row.Settings.RedirectUris is [var first, ..] ? first : ProviderApp.RedirectUri),
                ("response_type", "code"),
                ("scope", "openid"),
                ("state", State),
                ("nonce", Nonce),
                ("code_challenge", ProviderApp.ChallengeOf(ProviderApp.Verifier)),
                ("code_challenge_method", "S256"),
            ];
            return
            [
                .. usual.Where(one => changes.All(change => change.Name != one.Name)),
                .. changes.Where(change => change.Value is not null).Select(change => (change.Name, change.Value!)),
            ];
        }

        public string AuthorizeUrl(params (string Name, string? Value)[] changes) => client.UrlOf(client.AuthorizeParameters(changes));

        /// <summary>The address with exactly these parameters.</summary>
        public string UrlOf(IEnumerable<(string Name, string Value)> parameters) =>
            $"{client.Provider.Issuer}/oauth2/authorize?"
            + string.Join('&', parameters.Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}"));

        /// <summary>Pushes a usual request (RFC 9126).</summary>
        public Task<Reply> Push(params (string Name, string? Value)[] changes)
        {
            var parameters = client.AuthorizeParameters(changes);
            return client.Secret is null ? client.Provider.Post("par", parameters) : client.Provider.Post("par", parameters, client.Basic);
        }

        public async Task<string> PushedUri(params (string Name, string? Value)[] changes) =>
            (await client.Push(changes)).ShouldBeCreated().GetProperty("request_uri").GetString()!;
    }

    public static System.Text.Json.JsonElement ShouldBeCreated(this Reply reply)
    {
        reply.Status.ShouldBe(System.Net.HttpStatusCode.Created, reply.Text);
        return reply.Json;
    }
}
