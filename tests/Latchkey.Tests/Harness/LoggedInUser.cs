using System.Buffers.Text;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Latchkey.Tests.Harness;

/// <summary>A user who is logged in, with the two tokens that logging in gave.</summary>
public sealed record LoggedInUser(App App, string Jwt, string AccessToken)
{
    /// <summary>What completeSignup and register also answer.</summary>
    public string? SignedUserToken { get; init; }

    /// <summary>What gives new tokens, in the session mode refresh.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>What the user JWT says.</summary>
    public JsonElement Claims => DecodePart(Jwt, 1);

    public JsonElement Header => DecodePart(Jwt, 0);

    public Task<Reply> Get(string function) =>
        App.Server.Send(App.Server.Request(HttpMethod.Get, $"/api/appuser/{function}", ("access-token", AccessToken)), App.ClientAddress);

    /// <summary>Comes back while the server is too busy, as clients are told to.</summary>
    public Task<Reply> Post(string function, object body) =>
        App.RetryWhileBusy(function, () => App.PostRaw(function, JsonContent.Create(body), ("access-token", AccessToken)));

    /// <summary>Asks for new tokens with the refresh token.</summary>
    public Task<Reply> TryRefresh() => App.Post("refresh", new { refreshToken = RefreshToken });

    public async Task<LoggedInUser> Refresh() => App.ParseTokens(await TryRefresh());

    public Task<Reply> TryGetUser() => Get("getUser");

    public async Task<JsonElement> GetUser() => (await TryGetUser()).ShouldBeOk().Json;

    /// <summary>A part of a token in compact form, decoded.</summary>
    public static JsonElement DecodePart(string token, int index) =>
        JsonDocument.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[index]))).RootElement;
}
