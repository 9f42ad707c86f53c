using System.Text.Json;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>A user of an application under test with a browser, and a client that the user comes from.</summary>
public sealed record ProviderVisitor(ProviderApp Provider, ProviderClient Client, Browser Browser, string Handle) : IDisposable
{
    public static async Task<ProviderVisitor> Create(
        ServerFixture servers,
        ClientType type = ClientType.Web,
        Func<ClientSettings, ClientSettings>? change = null,
        string[]? settings = null
    )
    {
        var provider = await ProviderApp.Create(servers, settings ?? []);
        const string handle = "ann@example.com";
        await provider.App.CreateUser(handle);
        return new(provider, await provider.AddClient(type, change), new Browser(provider), handle);
    }

    public Task<Visit> Authorize(params (string Name, string? Value)[] changes) => Browser.Authorize(Client, changes);

    /// <summary>Signs in and allows what is asked, as far as either is needed.</summary>
    public Task<Visit> SignIn(params (string Name, string? Value)[] changes) => Browser.SignInAndAllow(Client, Handle, changes);

    /// <summary>What a code is good for.</summary>
    public async Task<JsonElement> Tokens(Visit visit) => (await Client.Exchange(visit.ShouldHaveCode(Provider).Code)).ShouldBeOk().Json;

    public async Task<string> IdToken(Visit visit) => (await Tokens(visit)).GetProperty("id_token").GetString()!;

    public Task<int> Count(string table) =>
        Provider.Installation.Query<int>($"SELECT COUNT(*) FROM {table} WHERE app_id = @Id", new { Provider.Id });

    /// <summary>As if the users of the application had signed in earlier.</summary>
    public Task MakeOlder(int seconds) =>
        Provider.Installation.Execute(
            "UPDATE sessions SET created_at = created_at - @time WHERE app_id = @Id",
            new { Provider.Id, time = seconds * 1000L }
        );

    public void Dispose() => Browser.Dispose();
}
