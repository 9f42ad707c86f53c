using System.Net;
using System.Text.Json;
using Latchkey.Applications.Settings;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>UserInfo: modules of the certification suite, rows of OpenID Connect Core and of OAuth 2.1 (bearer use).</summary>
public sealed class UserInfoTests(ServerFixture servers)
{
    private static readonly string[] ProfileClaims =
    [
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
        "preferred_username",
    ];

    [Fact]
    public async Task B_05_UserInfoGet()
    {
        var client = await Client();
        var tokens = await client.SignIn("openid");
        var reply = (await client.Provider.UserInfo(tokens.Text("access_token"))).ShouldBeOk();
        reply.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        reply.Header("Cache-Control").ShouldBe("no-store");
        reply.Json.EnumerateObject().Select(member => member.Name).ShouldBe(["sub"]);
        reply.Text("sub").ShouldBe(tokens.Claims("id_token").GetProperty("sub").GetString());
    }

    [Fact]
    public async Task B_06_UserInfoPostHeader()
    {
        var client = await Client();
        var token = (await client.SignIn("openid")).Text("access_token");
        (await client.Provider.Post("userinfo", [], ("Authorization", $"Bearer {token}"))).Text("sub").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task B_07_UserInfoPostBody()
    {
        var client = await Client();
        var token = (await client.SignIn("openid")).Text("access_token");
        (await client.Provider.Post("userinfo", [("access_token", token)])).Text("sub").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task B_09_ScopeProfile()
    {
        var (info, tokens) = await FullUser("openid profile");
        info.EnumerateObject().Select(member => member.Name).Order().ShouldBe(ProfileClaims.Append("sub").Order());
        tokens.Claims("id_token").TryGetProperty("name", out _).ShouldBeFalse();
        info.GetProperty("sub").GetString().ShouldBe(tokens.Claims("id_token").GetProperty("sub").GetString());
    }

    [Fact]
    public async Task B_10_ScopeEmail()
    {
        var (info, tokens) = await FullUser("openid email");
        info.EnumerateObject().Select(member => member.Name).ShouldBe(["sub", "email", "email_verified"]);
        tokens.Claims("id_token").TryGetProperty("email", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task B_11_ScopeAddress()
    {
        var (info, _) = await FullUser("openid address");
        info.EnumerateObject().Select(member => member.Name).ShouldBe(["sub", "address"]);
        info.GetProperty("address").GetProperty("locality").GetString().ShouldBe("Springfield");
        info.GetProperty("address").EnumerateObject().ShouldAllBe(member => member.Value.ValueKind == JsonValueKind.String);
    }

    [Fact]
    public async Task B_12_ScopePhone()
    {
        var (info, _) = await FullUser("openid phone");
        info.EnumerateObject().Select(member => member.Name).ShouldBe(["sub", "phone_number", "phone_number_verified"]);
        info.GetProperty("phone_number").GetString().ShouldBe("+15550100");
    }

    [Fact]
    public async Task B_13_ScopeAll()
    {
        var (info, _) = await FullUser("openid email phone address profile");
        string[] others = ["sub", "email", "email_verified", "phone_number", "phone_number_verified", "address"];
        info.EnumerateObject().Select(member => member.Name).Order().ShouldBe(ProfileClaims.Concat(others).Order());
    }

    [Fact]
    public async Task B_14_AlternateHappyFlow()
    {
        var (info, _) = await FullUser("email openid");
        info.EnumerateObject().Select(member => member.Name).ShouldBe(["sub", "email", "email_verified"]);
    }

    [Fact]
    public async Task CM_07_Claims_have_the_right_JSON_types()
    {
        var (info, _) = await FullUser("openid email phone address profile");
        info.GetProperty("email_verified").ValueKind.ShouldBeOneOf(JsonValueKind.True, JsonValueKind.False);
        info.GetProperty("phone_number_verified").ValueKind.ShouldBe(JsonValueKind.True);
        info.GetProperty("updated_at").GetInt64().ShouldBeInRange(631_152_000, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        info.GetProperty("birthdate").GetString().ShouldBe("0000-10-31");
        info.GetProperty("locale").GetString().ShouldBe("pt-BR");
        info.EnumerateObject()
            .Where(member => member.Value.ValueKind == JsonValueKind.String)
            .ShouldAllBe(member => !string.IsNullOrWhiteSpace(member.Value.GetString()));
    }

    [Fact]
    public async Task CM_08_A_bearer_header_gets_an_answer() => await CM_08(await Client());

    [Fact]
    public async Task CORE_02_Without_openid_there_is_no_ID_token_and_UserInfo_refuses()
    {
        var client = await Client();
        var tokens = await client.SignIn("email offline_access");
        tokens.Has("id_token").ShouldBeFalse();
        tokens.Has("refresh_token").ShouldBeTrue();
        (await client.Provider.UserInfo(tokens.Text("access_token"))).ShouldRefuse("insufficient_scope", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task CORE_20_Claims_without_a_value_are_left_out()
    {
        var provider = await ProviderApp.Create(servers, $"metaData={Fields("user_data.first")}");
        await provider.Change(s =>
            s with
            {
                ClaimMappings = [new("given_name", "user_data.first", "profile"), new("name", "user_data.no", "profile")],
            }
        );
        var client = await provider.AddClient();
        var info = (await provider.UserInfo((await client.SignIn("openid profile phone address")).Text("access_token"))).ShouldBeOk().Json;
        info.EnumerateObject().Select(member => member.Name).ShouldBe(["sub", "locale", "updated_at"]);
    }

    [Fact]
    public async Task CORE_21_A_bad_token_is_a_401_with_a_challenge_and_browsers_may_read_it()
    {
        var provider = await ProviderApp.Create(servers);
        var reply = await provider.Get("oauth2/userinfo", ("Authorization", "Bearer x"), ("Origin", "https://spa.example.com"));
        reply.ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
        reply.Header("WWW-Authenticate")!.ShouldStartWith($"Bearer realm=\"{provider.Issuer}\", error=\"invalid_token\"");
        reply.Header("Access-Control-Allow-Origin").ShouldBe("*");
        reply.Header("Access-Control-Expose-Headers")!.ShouldContain("WWW-Authenticate");
    }

    [Fact]
    public async Task Row_21_60_Without_a_token_no_error_is_named()
    {
        var provider = await ProviderApp.Create(servers);
        var reply = await provider.Get("oauth2/userinfo");
        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Header("WWW-Authenticate").ShouldNotBeNull().ShouldStartWith($"Bearer realm=\"{provider.Issuer}\", DPoP ");
        reply.Header("WWW-Authenticate")!.ShouldNotContain("error");
        reply.Text.ShouldBe("{}");
    }

    [Fact]
    public async Task Row_21_61_A_bad_expired_or_revoked_token_is_invalid_and_the_log_says_why()
    {
        var client = await Client();
        var tokens = await client.SignIn();
        (await client.Revoke(tokens.Text("access_token"))).ShouldBeOk();
        foreach (var bad in new[] { "x", "a.b.c", tokens.Text("access_token"), tokens.Text("refresh_token"), tokens.Text("id_token") })
        {
            (await client.Provider.UserInfo(bad)).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
        }

        (await client.Provider.Causes("userinfo")).ShouldAllBe(cause => cause.Contains("not valid, has expired, was revoked"));
    }

    [Fact]
    public async Task Row_21_62_A_missing_scope_is_named()
    {
        var client = await Client();
        var reply = await client.Provider.UserInfo((await client.SignIn("email")).Text("access_token"));
        reply.ShouldRefuse("insufficient_scope", HttpStatusCode.Forbidden);
        reply.Header("WWW-Authenticate")!.ShouldContain("scope=\"openid\"");
    }

    [Fact]
    public async Task Row_21_63_A_token_in_the_query_is_ignored()
    {
        var client = await Client();
        var token = (await client.SignIn()).Text("access_token");
        var reply = await client.Provider.Get($"oauth2/userinfo?access_token={token}");
        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Header("WWW-Authenticate")!.ShouldNotContain("error");
    }

    [Fact]
    public async Task Row_21_64_A_token_by_header_and_form_is_refused()
    {
        var client = await Client();
        var token = (await client.SignIn()).Text("access_token");
        var reply = await client.Provider.Post("userinfo", [("access_token", token)], ("Authorization", $"Bearer {token}"));
        reply.ShouldRefuse("invalid_request").Header("WWW-Authenticate")!.ShouldContain("error=\"invalid_request\"");
    }

    [Fact]
    public async Task Row_21_65_The_case_of_the_scheme_does_not_matter_and_each_attribute_comes_once()
    {
        var client = await Client();
        var token = (await client.SignIn()).Text("access_token");
        (await client.Provider.UserInfo(token, "bEARER")).ShouldBeOk();
        var challenge = (await client.Provider.UserInfo("x\"y")).Header("WWW-Authenticate")!;
        challenge.Split(", ").Select(attribute => attribute.Split('=')[0]).ShouldBeUnique();
        challenge.ShouldAllBe(c => c >= ' ' && c <= '~' && c != '\\');
        (await client.Provider.UserInfo(token, "Basic")).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_claims_parameter_adds_claims_to_UserInfo_or_the_ID_token()
    {
        const string claims = """
            {"userinfo":{"email":{"essential":true},"unknown":null},"id_token":{"email_verified":null,"iss":{"value":"x"},"at_hash":null}}
            """;
        var provider = await ProviderApp.Create(servers);
        var (first, third) = (await provider.AddClient(change: s => s with { FirstParty = true }), await provider.AddClient());
        var ann = await provider.App.CreateUser(ProviderCalls.Ann);
        var tokens = (await first.Exchange(await provider.IssueCode(first, ann, change: c => c with { Claims = claims }))).ShouldBeOk();
        var info = (await provider.UserInfo(tokens.Text("access_token"))).ShouldBeOk().Json;
        info.EnumerateObject().Select(member => member.Name).ShouldBe(["sub", "email"]);
        tokens.Claims("id_token").TryGetProperty("email_verified", out _).ShouldBeTrue();
        tokens.Claims("id_token").GetProperty("iss").GetString().ShouldBe(provider.Issuer);
        // The user allowed a third party the scope openid, and nothing more.
        tokens = (await third.Exchange(await provider.IssueCode(third, ann, change: c => c with { Claims = claims }))).ShouldBeOk();
        info = (await provider.UserInfo(tokens.Text("access_token"))).ShouldBeOk().Json;
        info.EnumerateObject().Select(member => member.Name).ShouldBe(["sub"]);
        tokens.Claims("id_token").TryGetProperty("email_verified", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_token_of_a_client_has_no_user()
    {
        var provider = await ProviderApp.Create(servers);
        var service = await provider.AddClient(ClientType.Service, s => s with { Scopes = ["read"] });
        var token = (await service.Token(("grant_type", GrantType.ClientCredentials))).Text("access_token");
        ((int)(await provider.UserInfo(token)).Status).ShouldBeOneOf(401, 403);
    }

    [Fact]
    public async Task An_ended_session_ends_the_access_token_at_once()
    {
        var provider = await ProviderApp.Create(servers);
        var (client, ann) = (await provider.AddClient(), await provider.App.CreateUser(ProviderCalls.Ann));
        var token = (await client.Exchange(await provider.IssueCode(client, ann))).Text("access_token");
        (await provider.UserInfo(token)).ShouldBeOk();
        (await ann.Post("logout", new { })).ShouldBeTrue();
        (await provider.UserInfo(token)).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
    }

    private static async Task CM_08(ProviderClient client) =>
        (await client.Provider.UserInfo((await client.SignIn()).Text("access_token"))).ShouldBeOk();

    private async Task<ProviderClient> Client() => await (await ProviderApp.Create(servers)).AddClient();

    /// <summary>A user who has every standard claim.</summary>
    private async Task<(JsonElement Info, Reply Tokens)> FullUser(string scope)
    {
        var mapped = ProfileClaims
            .Except(["locale", "updated_at", "preferred_username"])
            .ToDictionary(name => name, name => $"user_data.{name}");
        string[] parts = ["street_address", "locality", "region", "postal_code", "country"];
        var paths = mapped.Values.Concat(parts.Select(part => $"user_data.{part}")).ToArray();
        var provider = await ProviderApp.Create(servers, $"metaData={Fields(paths)}", "userNamesEnabled=1", "locales=EN,PT-BR");
        await provider.Change(settings =>
            settings with
            {
                ClaimMappings =
                [
                    .. mapped.Select(pair => new ClaimMapping(pair.Key, pair.Value, "profile")),
                    .. parts.Select(part => new ClaimMapping($"address.{part}", $"user_data.{part}", "address")),
                ],
            }
        );
        var (client, ann) = (await provider.AddClient(), await provider.App.CreateUser(ProviderCalls.Ann));
        var values = paths.ToDictionary(
            path => path,
            path =>
                path.EndsWith("birthdate", StringComparison.Ordinal) ? "0000-10-31"
                : path.EndsWith("locality", StringComparison.Ordinal) ? "Springfield"
                : "x"
        );
        await provider.Installation.Execute(
            "UPDATE users SET metadata = @values, user_name = 'ann', phone = '+15550100', locale = 'PT-BR' WHERE app_id = @Id",
            new { provider.Id, values = JsonSerializer.Serialize(values) }
        );
        var tokens = (await client.Exchange(await provider.IssueCode(client, ann, scope))).ShouldBeOk();
        return ((await provider.UserInfo(tokens.Text("access_token"))).ShouldBeOk().Json, tokens);
    }

    private static string Fields(params string[] paths) =>
        JsonSerializer.Serialize(
            paths.Select(path => new
            {
                path,
                display = path,
                required = false,
                canEdit = true,
            })
        );
}
