using Latchkey.Tests.Provider.Clients;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>/api/server/providers and latchkey provider.</summary>
public sealed class ProviderApiTests(ServerFixture servers)
{
    private const string Secret = "a-secret-that-nobody-sees";

    private static readonly string Metadata = """metaData=[{"path":"user_data.first","fieldName":"first"}]""";

    private async Task<App> CreateApp() => await App.Create(await servers.Unlimited(), [Metadata, "signupFlow=none"]);

    [Fact]
    public async Task The_catalogue_says_what_each_provider_needs()
    {
        var app = await CreateApp();
        var all = (await app.SendAsServer(HttpMethod.Get, "providerCatalogue")).ShouldBeOk().Json.GetProperty("providers");
        var google = all.EnumerateArray().Single(one => one.GetProperty("template").GetString() == "google");
        google.GetProperty("emailTrust").GetString().ShouldBe("whenverifiedclaim");
        google
            .GetProperty("fields")
            .EnumerateArray()
            .Select(field => field.GetProperty("name").GetString())
            .ShouldBe(["clientId", "clientSecret"]);
        google.GetProperty("fields")[1].GetProperty("secret").GetBoolean().ShouldBeTrue();

        var listed = (await app.Installation.Run("provider", "catalogue", "--json")).ShouldSucceed().Json;
        listed.GetArrayLength().ShouldBe(all.GetArrayLength());
        (await app.Installation.Run("provider", "catalogue")).ShouldSucceed().Output.ShouldContain("microsoft     Microsoft");
    }

    [Fact]
    public async Task A_provider_is_added_listed_changed_and_deleted()
    {
        var app = await CreateApp();
        var made = (
            await app.SendAsServer(
                HttpMethod.Post,
                "providers",
                new
                {
                    template = "oidc",
                    alias = "my-company",
                    name = "My Company",
                    issuer = "https://login.example.com",
                    clientId = "latchkey",
                    clientSecret = Secret,
                    claims = new[] { "given_name=user_data.first", "family_name=user_data.first:overwrite" },
                    scopes = new[] { "openid", "groups" },
                    emailTrust = "whenverifiedclaim",
                    signupAllowed = false,
                }
            )
        ).ShouldBeOk();
        made.Text.ShouldNotContain(Secret);
        made.Json.GetProperty("callback").GetString().ShouldEndWith($"/apps/{app.Id}/login/via/my-company/callback");
        made.Json.GetProperty("hasSecret").GetBoolean().ShouldBeTrue();
        made.Json.GetProperty("scopes").GetArrayLength().ShouldBe(2);
        made.Json.GetProperty("claims")[1].GetString().ShouldBe("family_name=user_data.first:overwrite");
        made.Json.GetProperty("signupAllowed").GetBoolean().ShouldBeFalse();

        var changed = (await app.SendAsServer(HttpMethod.Post, "providers/my-company", new { enabled = false, position = 7 })).ShouldBeOk();
        changed.Json.GetProperty("enabled").GetBoolean().ShouldBeFalse();
        changed.Json.GetProperty("position").GetInt32().ShouldBe(7);
        changed.Json.GetProperty("hasSecret").GetBoolean().ShouldBeTrue();
        changed.Json.GetProperty("name").GetString().ShouldBe("My Company");

        var listed = (await app.SendAsServer(HttpMethod.Get, "providers")).ShouldBeOk();
        listed.Json.GetProperty("providers")[0].GetProperty("alias").GetString().ShouldBe("my-company");
        listed.Text.ShouldNotContain(Secret);
        (await app.SendAsServer(HttpMethod.Delete, "providers/my-company")).ShouldBeOk();
        (await app.SendAsServer(HttpMethod.Get, "providers/my-company")).ShouldFailWith(850);
        (await app.Log("addProvider")).Single().ShouldStartWith("server: ");
    }

    [Fact]
    public async Task What_is_wrong_is_said_and_nothing_is_stored()
    {
        var app = await CreateApp();
        (await app.SendAsServer(HttpMethod.Post, "providers", new { clientId = "x" })).ShouldFailWith(403);
        (await app.SendAsServer(HttpMethod.Post, "providers", new { template = "nobody" })).ShouldFailWith(602);
        (await app.SendAsServer(HttpMethod.Post, "providers", new { template = "github" })).ShouldFailWith(602);
        (
            await app.SendAsServer(
                HttpMethod.Post,
                "providers",
                new
                {
                    template = "github",
                    clientId = "x",
                    clientSecret = "x",
                    issuer = "https://x.example",
                }
            )
        ).ShouldFailWith(602);
        (
            await app.SendAsServer(
                HttpMethod.Post,
                "providers",
                new
                {
                    template = "github",
                    alias = "new",
                    clientId = "x",
                    clientSecret = "x",
                }
            )
        ).ShouldFailWith(602);
        (await app.SendAsServer(HttpMethod.Get, "providers")).ShouldBeOk().Json.GetProperty("providers").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_command_line_takes_secrets_from_standard_input_or_a_file_and_shows_none()
    {
        var app = await CreateApp();
        string[] create = ["provider", "create", app.Id, "github", "clientId=Iv1.abc"];
        (await app.Installation.Run([.. create, $"clientSecret={Secret}"])).ShouldFail("a secret is no argument");
        (await app.Installation.Run(create)).ShouldFail("Client secret is missing");
        var made = (await app.Installation.RunWithInput(Secret, [.. create, "--secret-stdin"])).ShouldSucceed();
        made.Output.ShouldContain($"/apps/{app.Id}/login/via/github/callback");

        string[] id = [app.Id, "github"];
        foreach (
            var shown in new[]
            {
                await app.Installation.Run(["provider", "show", .. id]),
                await app.Installation.Run("provider", "list", app.Id),
            }
        )
        {
            shown.ShouldSucceed().Output.ShouldNotContain(Secret);
        }

        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, "another-secret\n");
        (
            await app.Installation.Run(["provider", "set", .. id, "enabled=0", "--secret-file", file, "--claim", "name=user_data.first"])
        ).ShouldSucceed();
        File.Delete(file);
        var json = (await app.Installation.Run(["provider", "show", .. id, "--json"])).ShouldSucceed().Json;
        json.GetProperty("enabled").GetBoolean().ShouldBeFalse();
        json.GetProperty("claims")[0].GetString().ShouldBe("name=user_data.first");
        (await app.Installation.Run("provider", "list", app.Id)).ShouldSucceed().Output.ShouldContain("github                off  github");
        (await app.Installation.Run(["provider", "delete", .. id])).ShouldSucceed();
        (await app.Installation.Run(["provider", "show", .. id])).ShouldFail("no such provider");
        (await app.Installation.Run(["provider", "test", .. id])).ShouldFail("no such provider");
        (await app.Installation.Run("provider", "list", "no-app")).ShouldFail("");
    }
}
