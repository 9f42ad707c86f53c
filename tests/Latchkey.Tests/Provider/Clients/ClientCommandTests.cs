namespace Latchkey.Tests.Provider.Clients;

/// <summary>latchkey client … and latchkey resource …</summary>
public sealed class ClientCommandTests(ServerFixture servers)
{
    private async Task<App> CreateApp() => await (await servers.Unlimited()).CreateApp();

    [Fact]
    public async Task A_client_is_created_shown_changed_and_deleted()
    {
        var (app, callback) = (await CreateApp(), "https://client.example.com/callback");
        string[] create = ["client", "create", app.Id, "--name", "Web shop", "--type", "web", "--redirect-uri", callback];
        var made = (
            await app.Installation.Run([.. create, "--redirect-uri", $"{callback}2", "--scope", "openid", "--first-party", "--json"])
        ).ShouldSucceed();
        made.Json.EnumerateObject().Select(one => one.Name).ShouldBe(["clientId", "clientSecret"]);
        var (id, secret) = (made.Json.GetProperty("clientId").GetString()!, made.Json.GetProperty("clientSecret").GetString()!);

        var shown = (await app.Installation.Run("client", "show", app.Id, id, "--json")).ShouldSucceed();
        shown.Output.ShouldNotContain(secret);
        shown.Json.GetProperty("name").GetString().ShouldBe("Web shop");
        shown.Json.GetProperty("redirectUris").EnumerateArray().Select(one => one.GetString()).ShouldBe([callback, $"{callback}2"]);
        shown.Json.GetProperty("firstParty").GetBoolean().ShouldBeTrue();
        shown.Json.GetProperty("secrets")[0].GetProperty("hint").GetString().ShouldBe(secret[^4..]);
        (await app.Installation.Run("client", "show", app.Id, id)).ShouldSucceed().Output.ShouldContain(callback);

        (
            await app.Installation.Run("client", "set", app.Id, id, "--name", "Shop", "--redirect-uri", callback, "firstParty=0")
        ).ShouldSucceed();
        var changed = (await app.Installation.Run("client", "show", app.Id, id, "--json")).ShouldSucceed().Json;
        changed.GetProperty("redirectUris").GetArrayLength().ShouldBe(1);
        changed.GetProperty("firstParty").GetBoolean().ShouldBeFalse();
        (await app.Installation.Run("client", "set", app.Id, id, "--redirect-uri", "nowhere")).ShouldFail("absolute");
        (await app.Installation.Run("client", "set", app.Id, id, "colour=red")).ShouldFail("no setting colour");
        (await app.Installation.Run("client", "set", app.Id, id, "colour")).ShouldFail("pairs");

        (await app.Installation.Run("client", "list", app.Id, "--json"))
            .ShouldSucceed()
            .Json[0]
            .GetProperty("clientId")
            .GetString()
            .ShouldBe(id);
        (await app.Installation.Run("client", "list", app.Id, "--search", "nobody")).ShouldSucceed().Output.Trim().ShouldBe("");
        (await app.Installation.Run("client", "delete", app.Id, id)).ShouldSucceed();
        (await app.Installation.Run("client", "delete", app.Id, id)).ShouldFail("does not exist");
        (await app.Installation.Run("client", "show", app.Id, id)).ShouldFail("no such client");
    }

    [Fact]
    public async Task Secrets_are_added_listed_and_ended()
    {
        var app = await CreateApp();
        var id = await Create(app, "service");
        var added = (await app.Installation.Run("client", "secret", "add", app.Id, id)).ShouldSucceed().Output.Trim();
        var listed = (await app.Installation.Run("client", "secret", "list", app.Id, id, "--json")).ShouldSucceed();
        listed.Json.GetArrayLength().ShouldBe(2);
        listed.Output.ShouldNotContain(added);
        var secretId = listed
            .Json.EnumerateArray()
            .Single(one => one.GetProperty("hint").GetString() == added[^4..])
            .GetProperty("id")
            .GetString()!;
        (await app.Installation.Run("client", "secret", "end", app.Id, id, secretId, "--in", "30")).ShouldSucceed();
        (await app.Installation.Run("client", "secret", "list", app.Id, id)).ShouldSucceed().Output.ShouldContain("ends ");
        (await app.Installation.Run("client", "secret", "end", app.Id, id, secretId)).ShouldSucceed();
        (await app.Installation.Run("client", "secret", "end", app.Id, id, secretId)).ShouldFail("does not exist");
        (await app.Installation.Run("client", "secret", "add", app.Id, "lkc_unknown")).ShouldFail("does not exist");
    }

    [Fact]
    public async Task Localhost_is_allowed_with_a_warning()
    {
        var app = await CreateApp();
        string[] create = ["client", "create", app.Id, "--name", "App", "--type", "browser", "--redirect-uri"];
        (await app.Installation.Run([.. create, "http://localhost:5173/callback"]))
            .ShouldSucceed()
            .Error.ShouldContain("careful: localhost");
        (await app.Installation.Run([.. create, "http://127.0.0.1:5173/callback"])).ShouldSucceed().Error.ShouldBe("");
    }

    [Fact]
    public async Task Resources_are_added_changed_and_removed()
    {
        var (app, api) = (await CreateApp(), "https://api.example.com/orders");
        (
            await app.Installation.Run("resource", "add", app.Id, api, "--name", "Orders", "--scope", "read", "--scope", "write")
        ).ShouldSucceed();
        (await app.Installation.Run("resource", "add", app.Id, api)).ShouldFail("already");
        (await app.Installation.Run("resource", "set", app.Id, api, "--token-seconds", "60")).ShouldSucceed();
        var listed = (await app.Installation.Run("resource", "list", app.Id, "--json")).ShouldSucceed().Json[0];
        listed.GetProperty("resource").GetString().ShouldBe(api);
        listed.GetProperty("scopes").EnumerateArray().Select(one => one.GetString()).ShouldBe(["read", "write"]);
        listed.GetProperty("tokenSeconds").GetInt32().ShouldBe(60);
        (await app.Installation.Run("resource", "set", app.Id, api, "--token-seconds", "59")).ShouldFail("60 to 86400");
        (await app.Installation.Run("resource", "set", app.Id, "https://other.example.com", "--name", "x")).ShouldFail("does not exist");
        (await app.Installation.Run("resource", "remove", app.Id, api)).ShouldSucceed();
        (await app.Installation.Run("resource", "remove", app.Id, api)).ShouldFail("does not exist");
        (await app.Log("addResource")).Single().ShouldContain(api);
        (await app.Log("removeResource")).Single().ShouldContain(api);
    }

    [Fact]
    public async Task A_client_of_another_application_is_not_found()
    {
        var (app, other) = (await CreateApp(), await CreateApp());
        var id = await Create(app, "web");
        (await app.Installation.Run("client", "show", other.Id, id)).ShouldFail("no such client");
        (await app.Installation.Run("client", "set", other.Id, id, "--name", "x")).ShouldFail("does not exist");
        (await app.Installation.Run("client", "secret", "add", other.Id, id)).ShouldFail("does not exist");
        (await app.Installation.Run("client", "delete", other.Id, id)).ShouldFail("does not exist");
        (await app.CountClients()).ShouldBe(1);
        (await app.Installation.Run("client", "create", "0123456789abcdef0123456789abcdef", "--name", "x", "--type", "web")).ShouldFail(
            "no longer exists"
        );
    }

    private static async Task<string> Create(App app, string type) =>
        (await app.Installation.Run("client", "create", app.Id, "--name", "One", "--type", type, "--json"))
            .ShouldSucceed()
            .Json.GetProperty("clientId")
            .GetString()!;
}
