using System.Text.Json;
using Latchkey.Tests.Provider;

namespace Latchkey.Tests;

/// <summary>What docs/oidc.md tells people to type works, in its order, and a user of the certification has all claims.</summary>
public sealed class OidcGuideTests(ServerFixture servers)
{
    [Fact]
    public async Task Its_commands_work_in_their_order()
    {
        var guide = MarkdownDocument.Read("docs/oidc.md");
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var client = (await app.Installation.Run("client", "create", app.Id, "--name", "Shop", "--type", "web", "--json"))
            .ShouldSucceed()
            .Json.GetProperty("clientId")
            .GetString()!;
        var shown = (await app.Installation.Run("client", "show", app.Id, client, "--json")).ShouldSucceed().Json;
        var folder = Directory.CreateTempSubdirectory("latchkey-guide-").FullName;
        var printed = await ChildProcess.Run(
            "bash",
            [
                "-c",
                $"set -euo pipefail; cd '{folder}'; latchkey() {{ '{RepositoryPaths.Program}' \"$@\"; }}\n"
                    + string.Join('\n', guide.Blocks("sh"))
                        .Replace("APPID", app.Id, StringComparison.Ordinal)
                        .Replace("CLIENTID", client, StringComparison.Ordinal)
                        .Replace("SECRETID", shown.GetProperty("secrets")[0].GetProperty("id").GetString(), StringComparison.Ordinal)
                    + "\necho suite $SUITE",
            ],
            [("LATCHKEY_DATA", app.Installation.DataFolder), ("LATCHKEY_DATABASE", app.Installation.DatabaseConnection)]
        );
        Directory.Delete(folder, recursive: true);
        printed.Split("Client secret").Length.ShouldBe(5, "one for the shop and three for the suite");
        var changed = (await app.Installation.Run("client", "show", app.Id, client, "--json")).ShouldSucceed().Json;
        changed.GetProperty("claimsInIdToken").GetBoolean().ShouldBeTrue();
        changed.GetProperty("exchangeAudiences")[0].GetString().ShouldBe("https://stock.example.com");
        await ShouldGetAllClaims(app, printed.Split("suite ")[^1].Trim());
    }

    /// <summary>As the modules of the suite that ask for all scopes: anything missing is a warning there.</summary>
    private static async Task ShouldGetAllClaims(App app, string suite)
    {
        var token = (await app.Installation.Run("app", "token", suite)).ShouldSucceed().Output.Trim();
        var certification = app with { Id = suite, Token = token };
        var buffy = await certification.Login("buffy@example.com", "a-password-of-mine-1");
        var provider = new ProviderApp(certification);
        var client = await provider.AddClient();
        const string scopes = "openid profile email phone address";
        var tokens = (await client.Exchange(await provider.IssueCode(client, buffy, scopes))).ShouldBeOk().Json;
        var claims = (await app.Server.Send(Get(app, suite, tokens), app.ClientAddress)).ShouldBeOk().Json;
        var names = claims.EnumerateObject().Select(one => one.Name).ToList();
        string[] profile =
        [
            "name",
            "given_name",
            "family_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ];
        names.ShouldBe(
            ["sub", .. profile, "email", "email_verified", "phone_number", "phone_number_verified", "address"],
            ignoreOrder: true
        );
    }

    private static HttpRequestMessage Get(App app, string suite, JsonElement tokens) =>
        app.Server.Request(
            HttpMethod.Get,
            $"/apps/{suite}/oauth2/userinfo",
            ("Authorization", $"Bearer {tokens.GetProperty("access_token").GetString()}")
        );
}
