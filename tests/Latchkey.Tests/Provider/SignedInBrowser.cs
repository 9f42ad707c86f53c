using System.Text.Json;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>A user who is signed in at a client by a code flow, in one browser.</summary>
public sealed record SignedInBrowser(ProviderApp App, ProviderClient Client, LoggedInUser User, Browser Browser, JsonElement Tokens)
    : IDisposable
{
    public const string Ann = "ann@example.com";
    public const string Bye = "https://client.example.com/bye";

    public string IdToken => Tokens.GetProperty("id_token").GetString()!;

    public string AccessToken => Tokens.GetProperty("access_token").GetString()!;

    public JsonElement Claims => LoggedInUser.DecodePart(IdToken, 1);

    public static async Task<SignedInBrowser> Start(ServerFixture servers, Func<ClientSettings, ClientSettings>? change = null)
    {
        var app = await ProviderApp.Create(servers);
        var user = await app.App.CreateUser(Ann);
        var client = await app.AddClient(
            ClientType.Web,
            settings => (change?.Invoke(settings) ?? settings) with { FirstParty = true, PostLogoutUris = [Bye] }
        );
        var browser = new Browser(app);
        var code = (await browser.SignInAndAllow(client, Ann)).Code;
        return new(app, client, user, browser, (await client.Exchange(code)).ShouldBeOk().Json);
    }

    /// <summary>The request to sign out as a client makes it.</summary>
    /// <param name="changes">Null takes a parameter out; a parameter of the usual ones is replaced.</param>
    public Task<Visit> SignOut(params (string Name, string? Value)[] changes) => SignOutIn(Browser, changes);

    public Task<Visit> SignOutIn(Browser browser, params (string Name, string? Value)[] changes) =>
        browser.Open($"oauth2/logout?{string.Join('&', LogoutParameters(changes).Select(Encode))}");

    public IReadOnlyList<(string Name, string Value)> LogoutParameters(params (string Name, string? Value)[] changes)
    {
        (string Name, string Value)[] usual = [("id_token_hint", IdToken), ("post_logout_redirect_uri", Bye), ("state", "state-1")];
        return
        [
            .. usual.Where(one => changes.All(change => change.Name != one.Name)),
            .. changes.Where(change => change.Value is not null).Select(change => (change.Name, change.Value!)),
        ];
    }

    /// <summary>Whether the browser is still signed in.</summary>
    public async Task<bool> IsSignedIn() => (await Browser.Authorize(Client, ("prompt", "none"))).Error is null;

    public void Dispose() => Browser.Dispose();

    private static string Encode((string Name, string Value) pair) =>
        $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}";
}
