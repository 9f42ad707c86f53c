namespace Latchkey.Tests.Provider.Clients;

/// <summary>/api/server/clients and /api/server/resources.</summary>
public sealed class ClientApiTests(ServerFixture servers)
{
    private const string Api = "https://api.example.com";

    private async Task<App> CreateApp() => await (await servers.Unlimited()).CreateApp();

    [Fact]
    [Covers(750)]
    public async Task A_client_is_created_listed_changed_and_deleted()
    {
        var app = await CreateApp();
        var made = await Create(app, "Web shop");
        var (id, secret) = (made.GetProperty("clientId").GetString()!, made.GetProperty("clientSecret").GetString()!);
        secret.Length.ShouldBe(43);
        made.GetProperty("redirectUris")[0].GetString().ShouldBe(ProviderApp.RedirectUri);

        var shown = (await app.SendAsServer(HttpMethod.Get, $"clients/{id}")).ShouldBeOk();
        shown.Text.ShouldNotContain(secret);
        shown.Json.GetProperty("type").GetString().ShouldBe("web");
        shown.Json.GetProperty("pkceRequired").GetBoolean().ShouldBeTrue();

        var change = new
        {
            name = "Shop",
            firstParty = true,
            claimsInIdToken = true,
            scopes = "openid email",
            postLogoutUris = Array.Empty<string>(),
        };
        var changed = (await app.SendAsServer(HttpMethod.Post, $"clients/{id}", change)).ShouldBeOk().Json;
        changed.GetProperty("name").GetString().ShouldBe("Shop");
        changed.GetProperty("firstParty").GetBoolean().ShouldBeTrue();
        changed.GetProperty("claimsInIdToken").GetBoolean().ShouldBeTrue();
        changed.GetProperty("scopes").GetArrayLength().ShouldBe(2);
        changed.GetProperty("redirectUris").GetArrayLength().ShouldBe(1);
        (await app.Log("changeClient")).Single().ShouldStartWith("server: ");

        (await app.SendAsServer(HttpMethod.Delete, $"clients/{id}")).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Get, $"clients/{id}")).ShouldFailWith(750);
        (await app.Log("deleteClient")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Lists_are_paged_and_searched()
    {
        var app = await CreateApp();
        foreach (var name in new[] { "Ahoi", "Bow 100%", "Cutter" })
        {
            await Create(app, name);
        }

        var names = new List<string>();
        for (string? next = ""; next is not null; )
        {
            var page = (await app.SendAsServer(HttpMethod.Get, $"clients?limit=2&cursor={next}")).ShouldBeOk().Json;
            names.AddRange(page.GetProperty("clients").EnumerateArray().Select(one => one.GetProperty("name").GetString()!));
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }

        names.Order().ShouldBe(["Ahoi", "Bow 100%", "Cutter"]);
        var found = (await app.SendAsServer(HttpMethod.Get, "clients?search=100%25")).ShouldBeOk().Json.GetProperty("clients");
        found.EnumerateArray().Single().GetProperty("name").GetString().ShouldBe("Bow 100%");
    }

    [Fact]
    public async Task What_is_wrong_is_said_and_nothing_is_stored()
    {
        var app = await CreateApp();
        (await app.SendAsServer(HttpMethod.Post, "clients", new { name = "x" })).ShouldFailWith(403);
        (await app.SendAsServer(HttpMethod.Post, "clients", new { type = "web" })).ShouldFailWith(403);
        (await app.SendAsServer(HttpMethod.Post, "clients", new { type = "robot", name = "x" })).ShouldFailWith(602);
        foreach (var uris in new object[] { new[] { "nowhere" }, new[] { "https://a.example b" }, new[] { 7 }, 7, new { a = 1 } })
        {
            var body = new
            {
                type = "web",
                name = "x",
                redirectUris = uris,
            };
            (await app.SendAsServer(HttpMethod.Post, "clients", body)).ShouldFailWith(602);
        }

        (await app.CountClients()).ShouldBe(0);
    }

    [Fact]
    [Covers(752)]
    public async Task Secrets_are_shown_once_and_ended()
    {
        var app = await CreateApp();
        var id = (await Create(app, "Shop")).GetProperty("clientId").GetString()!;
        var added = (await app.SendAsServer(HttpMethod.Post, $"clients/{id}/secrets")).ShouldBeOk().Json;
        var (secretId, secret) = (added.GetProperty("id").GetString()!, added.GetProperty("clientSecret").GetString()!);
        (await app.SendAsServer(HttpMethod.Get, $"clients/{id}")).ShouldBeOk().Text.ShouldNotContain(secret);
        (await app.SendAsServer(HttpMethod.Post, $"clients/{id}/secrets/{secretId}/end")).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Post, $"clients/{id}/secrets/{secretId}/end")).ShouldFailWith(752);
        (await app.SendAsServer(HttpMethod.Get, $"clients/{id}")).Json.GetProperty("secrets").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Another_applications_client_does_not_exist()
    {
        var (app, other) = (await CreateApp(), await CreateApp());
        var made = await Create(app, "Shop");
        var id = made.GetProperty("clientId").GetString()!;
        var secretId = made.GetProperty("secrets")[0].GetProperty("id").GetString();
        (await other.SendAsServer(HttpMethod.Get, $"clients/{id}")).ShouldFailWith(750);
        (await other.SendAsServer(HttpMethod.Post, $"clients/{id}", new { name = "Mine" })).ShouldFailWith(750);
        (await other.SendAsServer(HttpMethod.Delete, $"clients/{id}")).ShouldFailWith(750);
        (await other.SendAsServer(HttpMethod.Post, $"clients/{id}/secrets")).ShouldFailWith(750);
        (await other.SendAsServer(HttpMethod.Post, $"clients/{id}/secrets/{secretId}/end")).ShouldFailWith(750);
        (await other.SendAsServer(HttpMethod.Get, $"clients?search={id}")).Json.GetProperty("clients").GetArrayLength().ShouldBe(0);
        (await app.SendAsServer(HttpMethod.Get, $"clients/{id}")).Json.GetProperty("name").GetString().ShouldBe("Shop");
    }

    [Fact]
    public async Task A_scope_belongs_to_one_resource()
    {
        const string Other = "https://other.example.com",
            Old = "https://old.example.com";
        var app = await CreateApp();
        (await app.SendAsServer(HttpMethod.Post, "resources", new { resource = Api, scopes = new[] { "read" } })).ShouldBeOk();
        var again = await app.SendAsServer(HttpMethod.Post, "resources", new { resource = Other, scopes = new[] { "write", "read" } });
        again.ShouldFailWith(602);
        again.Text.ShouldContain("has the scope read already");
        (await app.SendAsServer(HttpMethod.Post, "resources", new { resource = Other, scopes = new[] { "write" } })).ShouldBeOk();
        (await app.SendAsServer(HttpMethod.Post, "resources/change", new { resource = Other, scopes = new[] { "read" } })).ShouldFailWith(
            602
        );

        await new ProviderApp(app).AddResource(Old, "read"); // as it could be made before
        (await app.SendAsServer(HttpMethod.Post, "resources/change", new { resource = Old, name = "Old" })).ShouldBeOk();
    }

    [Fact]
    [Covers(751)]
    public async Task Resources_are_managed()
    {
        var (app, other) = (await CreateApp(), await CreateApp());
        var add = new { resource = Api, scopes = new[] { "read", "write" } };
        var added = (await app.SendAsServer(HttpMethod.Post, "resources", add)).ShouldBeOk().Json;
        added.GetProperty("name").GetString().ShouldBe("api.example.com");
        added.GetProperty("tokenSeconds").GetInt32().ShouldBe(600);
        (await app.SendAsServer(HttpMethod.Post, "resources/change", new { resource = Api, tokenSeconds = 90 }))
            .ShouldBeOk()
            .Json.GetProperty("scopes")
            .GetArrayLength()
            .ShouldBe(2);
        (await other.SendAsServer(HttpMethod.Post, "resources/change", new { resource = Api, name = "x" })).ShouldFailWith(751);
        (await other.SendAsServer(HttpMethod.Post, "resources/remove", new { resource = Api })).ShouldFailWith(751);
        (await app.SendAsServer(HttpMethod.Get, "resources")).Json.GetProperty("resources").GetArrayLength().ShouldBe(1);
        (await app.SendAsServer(HttpMethod.Post, "resources/remove", new { resource = Api })).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Get, "resources")).Json.GetProperty("resources").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_deleted_client_takes_its_grants_and_consents_along_and_leaves_the_session()
    {
        var provider = await ProviderApp.Create(servers);
        var (app, user) = (provider.App, await provider.App.CreateUser("una@example.com"));
        var (client, kept) = (await provider.AddClient(), await provider.AddClient());
        foreach (var one in new[] { client, kept })
        {
            await Grant(app, user, one.Id);
        }

        (await app.SendAsServer(HttpMethod.Delete, $"clients/{client.Id}")).ShouldBeTrue();
        foreach (var table in new[] { "session_grants", "consents" })
        {
            var column = table == "consents" ? "client_id" : "client";
            (
                await app.Installation.Query<string>($"SELECT {column} FROM {table} WHERE app_id = @Id AND {column} <> ''", new { app.Id })
            ).ShouldBe(kept.Id, table);
        }

        (await user.IsSignedIn()).ShouldBeTrue();
    }

    internal static async Task Grant(App app, LoggedInUser user, string clientId)
    {
        await app.Installation.Execute(
            """
            INSERT INTO session_grants (app_id, id, session_id, client, secret_sealed, generation, rotations, created_at, sid)
              SELECT app_id, @grant, id, @clientId, '', 0, '', created_at, 'sid-of-the-test' FROM sessions WHERE app_id = @Id
            """,
            new
            {
                app.Id,
                clientId,
                grant = $"grant of {clientId}",
            }
        );
        await app.Installation.Execute(
            "INSERT INTO consents (app_id, user_id, client_id, scope, resources, created_at, updated_at) VALUES (@Id, @user, @clientId, "
                + "'openid', '', 1, 1)",
            new
            {
                app.Id,
                user = user.Id(),
                clientId,
            }
        );
    }

    private static async Task<System.Text.Json.JsonElement> Create(App app, string name)
    {
        var body = new
        {
            type = "web",
            name,
            redirectUris = new[] { ProviderApp.RedirectUri },
        };
        return (await app.SendAsServer(HttpMethod.Post, "clients", body)).ShouldBeOk().Json;
    }
}
