using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider.Clients;

/// <summary>The addresses that a client can register.</summary>
public sealed class ClientAddressTests(ServerFixture servers)
{
    private async Task<App> CreateApp() => await (await servers.Unlimited()).CreateApp();

    [Theory]
    [InlineData("callback")]
    [InlineData("MyApp://callback")]
    [InlineData("myapp:/callback")]
    [InlineData("Com.Example.App:/callback")]
    [InlineData(".example:/callback")]
    [InlineData("com..app:/callback")]
    public async Task Row_21_70_a_custom_scheme_must_be_a_domain_in_reverse(string uri)
    {
        var app = await CreateApp();
        await app.ShouldRefuse(await app.Register(ClientType.Native, (ClientFields.RedirectUris, uri)), "must be");
        (await app.Register(ClientType.Native, (ClientFields.RedirectUris, "com.example.app:/callback"))).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Row_21_70_only_a_native_client_has_a_custom_scheme()
    {
        var app = await CreateApp();
        foreach (var type in new[] { ClientType.Web, ClientType.Browser })
        {
            var refused = await app.Register(type, (ClientFields.RedirectUris, "com.example.app:/callback"));
            await app.ShouldRefuse(refused, "Only a native client");
        }
    }

    [Theory]
    [InlineData("https://client.example.com/callback#part", "fragment")]
    [InlineData("https://client.example.com/callback#", "fragment")]
    [InlineData("/callback", "absolute")]
    [InlineData("client.example.com/callback", "absolute")]
    [InlineData("https://*.example.com/callback", "has a *")]
    [InlineData("https://client.example.com/*", "has a *")]
    [InlineData("https:///callback", "absolute")]
    [InlineData("https:client.example.com/callback", "must ")]
    public async Task Row_21_72_fragments_relative_addresses_and_wildcards_are_refused(string uri, string because)
    {
        var app = await CreateApp();
        await app.ShouldRefuse(await app.Register(ClientType.Web, (ClientFields.RedirectUris, uri)), because);
        await app.ShouldRefuse(await app.Register(ClientType.Web, (ClientFields.PostLogoutUris, uri)), because);
    }

    [Theory]
    [InlineData("http://client.example.com/callback")]
    [InlineData("http://127.0.0.2/callback")]
    [InlineData("http://localhost.example.com/callback")]
    [InlineData("http://127.0.0.1.example.com/callback")]
    [InlineData("http://10.0.0.1/callback")]
    public async Task Row_21_73_http_is_refused_unless_it_is_this_device(string uri)
    {
        var app = await CreateApp();
        foreach (var type in new[] { ClientType.Web, ClientType.Native, ClientType.Browser })
        {
            await app.ShouldRefuse(await app.Register(type, (ClientFields.RedirectUris, uri)), "must begin with https");
        }

        var loopback = "http://127.0.0.1/callback http://[::1]:8000/callback http://localhost:5173/callback";
        (await app.Register(ClientType.Native, (ClientFields.RedirectUris, loopback))).Value!.Client.Settings.RedirectUris.Count.ShouldBe(
            3
        );
    }

    [Fact]
    public async Task Row_9700_03_http_is_refused_at_registration_and_at_a_change_and_the_loopback_is_not()
    {
        const string http = "http://client.example.com/callback";
        var app = await CreateApp();
        await app.ShouldRefuse(await app.Register(ClientType.Web, (ClientFields.RedirectUris, http)), "must begin with https");
        var made = (await app.Register(ClientType.Native, (ClientFields.RedirectUris, "http://127.0.0.1/callback"))).Value!.Client;
        made.Settings.RedirectUris.ShouldBe(["http://127.0.0.1/callback"]);
        var refused = await app.Change(made.Id, (ClientFields.RedirectUris, http));
        refused.Error.ShouldNotBeNull().Message.ShouldContain("must begin with https");
        (await (await app.Installation.Get<ClientRules>()).Find(app.Id, made.Id))!.Settings.RedirectUris.ShouldBe(
            made.Settings.RedirectUris
        );
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("JavaScript:alert(1)")]
    [InlineData("data:text/html,hello")]
    [InlineData("vbscript:x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("blob:https://client.example.com/x")]
    [InlineData("https://user@client.example.com/callback")]
    [InlineData("https://user:word@client.example.com/callback")]
    [InlineData("https://@client.example.com/callback")]
    [InlineData("https://client.example.com\\@other.example/callback")]
    [InlineData("https://client.example.com/call\u0007back")]
    [InlineData("https://client.example.com/\u202Ecallback")]
    [InlineData("https://client.example.com/\"><script>")]
    public async Task Row_21_74_scripts_user_names_and_control_characters_are_refused(string uri)
    {
        var app = await CreateApp();
        foreach (var type in new[] { ClientType.Web, ClientType.Native })
        {
            (await app.Register(type, (ClientFields.RedirectUris, uri))).Error.ShouldNotBeNull().Code.ShouldBe(602);
            (await app.Register(type, (ClientFields.PostLogoutUris, uri))).Error.ShouldNotBeNull().Code.ShouldBe(602);
        }

        (await app.CountClients()).ShouldBe(0);
    }

    [Fact]
    public async Task Row_21_75_addresses_are_stored_as_they_are_written()
    {
        var app = await CreateApp();
        const string Uris = "https://Client.example.com:443/a/../b?x=%41&y= https://client.example.com https://client.example.com/";
        var made = await app.Register(ClientType.Web, (ClientFields.RedirectUris, Uris));
        string.Join(' ', made.Value!.Client.Settings.RedirectUris).ShouldBe(Uris);
    }

    [Fact]
    public async Task RPI_11_http_after_logout_is_for_clients_that_prove_themselves()
    {
        var app = await CreateApp();
        const string Uri = "http://client.example.com/bye";
        await app.ShouldRefuse(await app.Register(ClientType.Browser, (ClientFields.PostLogoutUris, Uri)), "https");
        await app.ShouldRefuse(await app.Register(ClientType.Native, (ClientFields.PostLogoutUris, Uri)), "https");
        (await app.Register(ClientType.Web, (ClientFields.PostLogoutUris, Uri))).Error.ShouldBeNull();
        (await app.Register(ClientType.Native, (ClientFields.PostLogoutUris, "com.example.app:/bye"))).Error.ShouldBeNull();
    }

    [Fact]
    public async Task BCL_10_an_address_for_back_channel_logout_is_absolute_with_https_and_keeps_its_query()
    {
        var app = await CreateApp();
        foreach (
            var uri in new[] { "/logout", "https://client.example.com/logout#x", "com.example.app:/logout", "ftp://client.example.com/" }
        )
        {
            (await app.Register(ClientType.Web, (ClientFields.LogoutUri, uri))).Error.ShouldNotBeNull().Code.ShouldBe(602);
        }

        await app.ShouldRefuse(await app.Register(ClientType.Browser, (ClientFields.LogoutUri, "http://client.example.com/out")), "https");
        (await app.Register(ClientType.Web, (ClientFields.LogoutUri, "http://client.example.com/out"))).Error.ShouldBeNull();
        var made = await app.Register(ClientType.Browser, (ClientFields.LogoutUri, "https://client.example.com/out?tenant=7"));
        made.Value!.Client.Settings.LogoutUri.ShouldBe("https://client.example.com/out?tenant=7");
        (
            await app.Installation.Query<string>(
                "SELECT logout_uri FROM clients WHERE app_id = @Id AND id = @client",
                new { app.Id, client = made.Value.Client.Id }
            )
        ).ShouldBe("https://client.example.com/out?tenant=7");
    }
}
