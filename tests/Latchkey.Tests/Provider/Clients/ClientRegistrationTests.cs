using System.Security.Cryptography;
using System.Text.Json;
using Latchkey.Cryptography;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider.Clients;

/// <summary>What a client can be.</summary>
public sealed class ClientRegistrationTests(ServerFixture servers)
{
    private async Task<App> CreateApp(params string[] settings) => await (await servers.Unlimited()).CreateApp(settings);

    [Theory]
    [InlineData(ClientType.Native)]
    [InlineData(ClientType.Browser)]
    [InlineData(ClientType.Device)]
    public async Task Row_21_59_what_everybody_can_read_has_no_secret(ClientType type)
    {
        var app = await CreateApp();
        foreach (var method in new[] { "secret", "secretbasic", "secretpost", "privatekey" })
        {
            await app.ShouldRefuse(await app.Register(type, (ClientFields.Authentication, method)), "cannot keep a secret");
        }

        var made = (await app.Register(type)).Value!;
        made.Secret.ShouldBeNull();
        made.Client.IsPublic.ShouldBeTrue();
        var secrets = await app.Installation.Get<ClientSecretRules>();
        (await secrets.Add(app.Id, made.Client.Id, ClientAdministration.Tester)).Error!.Message.ShouldContain("without a secret");
    }

    [Fact]
    public async Task Row_21_76_a_secret_has_256_random_bits_and_only_its_hash_is_stored()
    {
        var app = await CreateApp();
        var (first, second) = ((await app.Register(ClientType.Web)).Value!, (await app.Register(ClientType.Web)).Value!);
        first.Secret.ShouldNotBe(second.Secret);
        System.Buffers.Text.Base64Url.DecodeFromChars(first.Secret).Length.ShouldBe(32);
        var stored = await app.Installation.Query<string>(
            "SELECT secrets FROM clients WHERE app_id = @Id AND id = @client",
            new { app.Id, client = first.Client.Id }
        );
        stored!.ShouldNotContain(first.Secret!);
        stored.ShouldContain(Secrets.Hash(first.Secret!));
    }

    [Fact]
    public async Task A_client_id_is_random_and_cannot_be_a_realm_app_id_or_a_users_id()
    {
        var app = await CreateApp();
        var made = (await app.Register(ClientType.Web)).Value!;
        made.Client.Id.ShouldMatch("^lkc_[a-zA-Z0-9]{22}$");
        (await app.Installation.Run("app", "set", app.Id, $"realmAppId={made.Client.Id}")).ShouldFail("realmAppId");
        (await app.Installation.Run("app", "set", app.Id, "realmAppId=harbour-abcde")).ShouldSucceed();
    }

    [Theory]
    [InlineData(ClientType.Native, GrantType.ClientCredentials)]
    [InlineData(ClientType.Browser, GrantType.ClientCredentials)]
    [InlineData(ClientType.Native, GrantType.TokenExchange)]
    [InlineData(ClientType.Browser, GrantType.DeviceCode)]
    [InlineData(ClientType.Service, GrantType.AuthorizationCode)]
    [InlineData(ClientType.Service, GrantType.RefreshToken)]
    [InlineData(ClientType.Device, GrantType.AuthorizationCode)]
    [InlineData(ClientType.Web, "password")]
    [InlineData(ClientType.Web, "implicit")]
    public async Task A_grant_type_must_fit_the_type(ClientType type, string grant)
    {
        var app = await CreateApp();
        await app.ShouldRefuse(await app.Register(type, (ClientFields.GrantTypes, grant)), "grant type");
    }

    [Fact]
    public async Task Row_247_01_only_a_client_that_asks_for_it_has_the_device_grant()
    {
        var app = await CreateApp();
        foreach (var type in Enum.GetValues<ClientType>())
        {
            (await app.Register(type)).Value!.Client.HasGrant(GrantType.DeviceCode).ShouldBe(type == ClientType.Device);
        }

        var asked = await app.Register(ClientType.Native, (ClientFields.GrantTypes, "authorization_code device_code"));
        asked.Value!.Client.HasGrant(GrantType.DeviceCode).ShouldBeTrue();
    }

    [Fact]
    public async Task A_service_and_a_website_must_prove_themselves()
    {
        var app = await CreateApp();
        await app.ShouldRefuse(await app.Register(ClientType.Web, (ClientFields.Authentication, "none")), "proves itself");
        await app.ShouldRefuse(await app.Register(ClientType.Service, (ClientFields.Authentication, "none")), "proves itself");
        await app.ShouldRefuse(await app.Register(ClientType.Web, (ClientFields.Authentication, "privatekey")), "jwks");
    }

    [Fact]
    public async Task Only_good_public_keys_are_registered()
    {
        var app = await CreateApp();
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var small = RSA.Create(1024);
        var secretPart = JsonSerializer.Serialize(ec.ExportParameters(true).D);
        foreach (
            var keys in new[]
            {
                "{}",
                "[]",
                "not JSON",
                """{"keys":[]}""",
                $$"""{"keys":[{{EcJwk(other, "P-384")}}]}""",
                $$"""{"keys":[{{EcJwk(ec, "P-256").Replace("}", $",\"d\":{secretPart}}}")}}]}""",
                """{"keys":[{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"}]}""",
                $$"""{"keys":[{"kty":"RSA","e":"AQAB","n":"{{Encode(small.ExportParameters(false).Modulus!)}}"}]}""",
            }
        )
        {
            var refused = await app.Register(ClientType.Web, (ClientFields.Authentication, "privatekey"), (ClientFields.Jwks, keys));
            refused.Error.ShouldNotBeNull(keys).Code.ShouldBe(602);
        }

        await app.ShouldRefuse(
            await app.Register(ClientType.Web, (ClientFields.Authentication, "privatekey"), (ClientFields.JwksUri, "http://example.com/k")),
            "https"
        );
        var good = await app.Register(
            ClientType.Web,
            (ClientFields.Authentication, "privatekey"),
            (ClientFields.Jwks, $$"""{"keys":[{{EcJwk(ec, "P-256")}}]}""")
        );
        good.Value!.Secret.ShouldBeNull();
    }

    [Fact]
    public async Task A_client_that_changes_to_its_own_keys_loses_its_secrets()
    {
        var app = await CreateApp();
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = (await app.Register(ClientType.Web)).Value!;
        var changed = await app.Change(
            made.Client.Id,
            (ClientFields.Authentication, "privatekey"),
            (ClientFields.Jwks, $$"""{"keys":[{{EcJwk(ec, "P-256")}}]}""")
        );
        changed.Value!.Secrets.ShouldBeEmpty();
        (await app.Log("changeClient")).Single().ShouldContain("its secrets ended");
    }

    [Fact]
    public async Task Scopes_and_resources_must_be_the_applications_own()
    {
        var app = await CreateApp("""metaData=[{"path":"plan","fieldName":"plan"}]""", "claimMappings=plan=plan:billing");
        (await app.Installation.Run("resource", "add", app.Id, "https://api.example.com", "--scope", "orders")).ShouldSucceed();
        await app.ShouldRefuse(await app.Register(ClientType.Web, (ClientFields.Scopes, "openid admin")), "no scope admin");
        await app.ShouldRefuse(await app.Register(ClientType.Web, (ClientFields.Resources, "https://api.example.org")), "no resource");
        await app.ShouldRefuse(
            await app.Register(ClientType.Service, (ClientFields.ExchangeAudiences, "https://api.example.com")),
            GrantType.TokenExchange
        );
        var made = await app.Register(
            ClientType.Web,
            (ClientFields.Scopes, "openid billing orders"),
            (ClientFields.Resources, "https://api.example.com")
        );
        made.Value!.Client.Settings.Scopes.ShouldBe(["openid", "billing", "orders"]);

        // What is gone since then does not stand in the way of another change
        (await app.Installation.Run("resource", "remove", app.Id, "https://api.example.com")).ShouldSucceed();
        (await app.Change(made.Value.Client.Id, (ClientRules.Name, "Harbour 2"))).Value!.Name.ShouldBe("Harbour 2");
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("win at https://example.com")]
    [InlineData("\u202Eevil")]
    public async Task A_name_is_one_line_without_a_link(string name)
    {
        var app = await CreateApp();
        var rules = await app.Installation.Get<ClientRules>();
        var refused = await rules.Create(app.Id, ClientType.Web, name, new Dictionary<string, string>(), ClientAdministration.Tester);
        await app.ShouldRefuse(refused, "name");
    }

    [Fact]
    public async Task A_change_is_all_or_nothing_and_stands_in_the_log_with_who_made_it()
    {
        var app = await CreateApp();
        var made = (await app.Register(ClientType.Web, (ClientFields.RedirectUris, ProviderApp.RedirectUri))).Value!;
        (await app.Log("createClient")).Single().ShouldBe($"tester: {made.Client.Id} (Harbour), web");
        var refused = await app.Change(made.Client.Id, (ClientRules.Name, "Other"), (ClientFields.RedirectUris, "nothing"));
        refused.Error!.Code.ShouldBe(602);
        (await app.Change(made.Client.Id, ("colour", "red"))).Error!.Message.ShouldContain("no setting colour");
        var rules = await app.Installation.Get<ClientRules>();
        var stored = (await rules.Find(app.Id, made.Client.Id))!;
        stored.Name.ShouldBe("Harbour");
        stored.Settings.RedirectUris.ShouldBe([ProviderApp.RedirectUri]);
        (await app.Log("changeClient")).ShouldBeEmpty();

        (await app.Change(made.Client.Id, (ClientFields.FirstParty, "1"))).Error.ShouldBeNull();
        (await app.Log("changeClient")).Single().ShouldBe($"tester: {made.Client.Id} (Harbour): firstParty");
    }

    [Fact]
    public async Task Five_secrets_can_be_valid_at_once_and_each_can_be_ended()
    {
        var app = await CreateApp();
        var secrets = await app.Installation.Get<ClientSecretRules>();
        var (id, tester) = ((await app.Register(ClientType.Web)).Value!.Client.Id, ClientAdministration.Tester);
        var last = "";
        for (var more = 1; more < ClientSecretRules.MaxSecrets; more++)
        {
            last = (await secrets.Add(app.Id, id, tester)).Value!.Secret.Id;
        }

        (await secrets.Add(app.Id, id, tester)).Error!.Message.ShouldContain("at most 5");
        (await secrets.End(app.Id, id, last, 7, tester)).Error.ShouldBeNull();
        (await secrets.Add(app.Id, id, tester)).Error!.Message.ShouldContain("at most 5", customMessage: "it is valid for a week");
        (await secrets.End(app.Id, id, last, 0, tester)).Error.ShouldBeNull();
        (await secrets.End(app.Id, id, last, 0, tester)).Error!.Code.ShouldBe(752);
        (await secrets.End(app.Id, id, last, -1, tester)).Error!.Code.ShouldBe(602);
        (await secrets.Add(app.Id, id, tester)).Error.ShouldBeNull();
        (await app.Log("endClientSecret")).Count.ShouldBe(2);
    }

    private static string EcJwk(ECDsa key, string curve)
    {
        var point = key.ExportParameters(false).Q;
        return $$"""{"kty":"EC","crv":"{{curve}}","x":"{{Encode(point.X!)}}","y":"{{Encode(point.Y!)}}"}""";
    }

    private static string Encode(byte[] number) => System.Buffers.Text.Base64Url.EncodeToString(number);
}
