using System.Net;
using System.Text.Json;

namespace Latchkey.Tests.Api.Server;

/// <summary>/api/server: what an application's own servers do with its users.</summary>
public sealed class ServerApiTests(ServerFixture servers)
{
    private const string Una = "una@example.com";

    public static TheoryData<string, string> Routes =>
        new()
        {
            { "POST", "invite" },
            { "GET", "users" },
            { "POST", "users" },
            { "GET", "users/{user}" },
            { "DELETE", "users/{user}" },
            { "POST", "users/{user}/suspend" },
            { "POST", "users/{user}/activate" },
            { "POST", "users/{user}/signOut" },
            { "POST", "users/{user}/metaData" },
            { "POST", "users/{user}/resetPassword" },
            { "POST", "verify" },
        };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_a_good_secret_nothing_is_answered(string method, string route)
    {
        var app = await WithUna();
        var una = await app.Login(Una);
        var path = route.Replace("{user}", Una, StringComparison.Ordinal);
        var body = new
        {
            handle = "kim@example.com",
            password = App.Password,
            metaData = "{}",
            token = una.Jwt,
        };
        foreach (var secret in new[] { "", "wrong", app.Token, una.AccessToken, app.Secret[..^1], $"{app.Secret}a" })
        {
            (await app.SendAsServer(HttpMethod.Parse(method), path, method == "POST" ? body : null, secret)).ShouldFailWith(400);
        }

        foreach (var header in new[] { "app-token", "access-token" })
        {
            var request = app.Server.Request(
                HttpMethod.Parse(method),
                $"/api/server/{path}",
                (header, header == "app-token" ? app.Token : una.AccessToken)
            );
            (await app.Server.Send(request)).ShouldFailWith(400);
        }

        (await una.IsSignedIn()).ShouldBeTrue();
        (await app.AllMails()).ShouldNotContain(mail => mail.Kind == "invite" || mail.Kind == "resetPassword");
    }

    public static TheoryData<string, string> RoutesOfOneUser =>
        [.. Routes.Where(row => row.Data.Item2.Contains("{user}", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(RoutesOfOneUser))]
    public async Task Another_applications_user_is_not_there(string method, string route)
    {
        var app = await WithUna();
        var other = await app.Server.CreateApp("""metaData=[{"path":"name","fieldName":"name"}]""");
        var una = await app.Login(Una);
        foreach (var who in new[] { una.Id(), Una, "una" })
        {
            var path = route.Replace("{user}", who, StringComparison.Ordinal);
            (
                await other.SendAsServer(
                    HttpMethod.Parse(method),
                    path,
                    method == "POST" ? new { password = "another password", metaData = """{"name":"X"}""" } : null
                )
            ).ShouldFailWith(603);
        }

        (await una.IsSignedIn()).ShouldBeTrue();
        (await app.Login(Una)).Id().ShouldBe(una.Id());
        (await una.GetUser()).GetProperty("metaData").ToString().ShouldBe("""{"name":"Una"}""");
    }

    [Theory]
    [InlineData("v%2F1@x.test", "v/1@x.test")]
    [InlineData("v%2f1%40x.test", "v/1@x.test")]
    [InlineData("v%252F1@x.test", "v%2f1@x.test")]
    [InlineData("v%25252F1@x.test", null)]
    [InlineData("ann+1@x.test", "ann+1@x.test")]
    [InlineData("ann%2B1%40x.test/", "ann+1@x.test")]
    [InlineData("ann%252B1%40x.test", null)]
    [InlineData("l%C3%A9on@x.test", "léon@x.test")]
    [InlineData("l%25C3%25A9on@x.test", null)]
    public async Task A_user_in_the_path_is_decoded_once(string segment, string? handle)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        foreach (var each in new[] { "v/1@x.test", "v%2F1@x.test", "ann+1@x.test", "léon@x.test" })
        {
            await app.CreateUser(each);
        }

        var reply = await app.SendAsServer(HttpMethod.Post, $"users/{segment.TrimEnd('/')}/suspend");
        var shown = await app.SendAsServer(HttpMethod.Get, $"users/{segment}");
        var suspended = await app.Installation.Query<string?>(
            "SELECT handle FROM users WHERE app_id = @Id AND status = 'suspend'",
            new { app.Id }
        );
        (reply.Code, suspended).ShouldBe((handle is null ? 603 : null, handle));
        (shown.Code is null ? shown.Json.GetProperty("handle").GetString() : null).ShouldBe(handle);
    }

    [Theory]
    [InlineData("l%E9on@x.test")]
    [InlineData("%C0%AE%C0%AE")]
    [InlineData("%ED%A0%80")]
    public async Task A_path_that_is_not_utf8_names_nobody(string segment)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        await app.CreateUser(segment.Contains('@', StringComparison.Ordinal) ? segment : $"{segment}@x.test");
        (await app.SendAsServer(HttpMethod.Delete, $"users/{segment}")).ShouldFailWith(602, HttpStatusCode.NotFound);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(1);
    }

    [Fact]
    public async Task Another_applications_token_is_not_verified()
    {
        var app = await WithUna();
        var other = await app.Server.CreateApp();
        var una = await app.Login(Una);
        (await other.SendAsServer(HttpMethod.Post, "verify", new { token = una.Jwt })).ShouldFailWith(405);
        (await other.SendAsServer(HttpMethod.Post, "verify", new { token = una.AccessToken })).ShouldFailWith(405);
    }

    [Fact]
    public async Task A_user_is_added_shown_and_deleted()
    {
        var app = await WithUna();
        var added = (
            await app.SendAsServer(
                HttpMethod.Post,
                "users",
                new
                {
                    handle = " KIM@example.com",
                    password = App.Password,
                    metaData = """{"name":" Kim "}""",
                }
            )
        ).ShouldBeOk().Json;
        added.GetProperty("handle").GetString().ShouldBe("kim@example.com");
        added.GetProperty("emailVerified").GetBoolean().ShouldBeTrue();
        added.GetProperty("metaData").ToString().ShouldBe("""{"name":"Kim"}""");
        var id = added.GetProperty("id").GetString()!;
        (await app.Login("kim@example.com")).Id().ShouldBe(id);
        foreach (var who in new[] { id, "kim@example.com", "Kim%40Example.com" })
        {
            (await app.SendAsServer(HttpMethod.Get, $"users/{who}")).ShouldBeOk().Json.GetProperty("id").GetString().ShouldBe(id);
        }

        (await app.SendAsServer(HttpMethod.Delete, $"users/{id}")).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Get, $"users/{id}")).ShouldFailWith(603);
        (await app.TryLogin("kim@example.com")).ShouldFailWith(600);
    }

    [Fact]
    public async Task Who_is_named_like_the_id_of_another_is_not_found_in_its_place()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "userNamesEnabled=1");
        var (una, eve) = (await app.CreateUser(Una), await app.CreateUser("eve@example.com"));
        (await eve.Post("setUserName", new { userName = una.Id() })).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Delete, $"users/{una.Id()}")).ShouldBeTrue();
        foreach (var id in new[] { una.Id(), una.Id().ToUpperInvariant() })
        {
            (await app.SendAsServer(HttpMethod.Get, $"users/{id}")).ShouldFailWith(603);
        }

        (await app.SendAsServer(HttpMethod.Delete, $"users/{una.Id()}")).ShouldFailWith(603);
        (await eve.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task Adding_asks_what_signup_asks()
    {
        var app = await WithUna("maxUsers=2");
        (await app.SendAsServer(HttpMethod.Post, "users", new { handle = "kim@example.com" })).ShouldFailWith(403);
        (await app.SendAsServer(HttpMethod.Post, "users", new { handle = "kim", password = App.Password })).ShouldFailWith(602);
        (await app.SendAsServer(HttpMethod.Post, "users", new { handle = Una, password = App.Password })).ShouldFailWith(601);
        (await app.SendAsServer(HttpMethod.Post, "users", new { handle = "kim@example.com", password = "short" })).ShouldFailWith(702);
        (
            await app.SendAsServer(
                HttpMethod.Post,
                "users",
                new
                {
                    handle = "kim@example.com",
                    password = App.Password,
                    metaData = """{"name":7}""",
                }
            )
        ).ShouldFailWith(604);
        (
            await app.SendAsServer(
                HttpMethod.Post,
                "users",
                new
                {
                    handle = "kim@example.com",
                    password = App.Password,
                    locale = "XX",
                }
            )
        ).ShouldFailWith(602);
        (await app.SendAsServer(HttpMethod.Post, "users", new { handle = "kim@example.com", password = App.Password })).ShouldBeOk();
        (await app.SendAsServer(HttpMethod.Post, "users", new { handle = "lou@example.com", password = App.Password })).ShouldFailWith(704);
    }

    [Fact]
    public async Task A_suspended_user_is_out_at_once_and_activation_revives_no_session()
    {
        var app = await WithUna();
        var una = await app.Login(Una);
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/suspend")).ShouldBeTrue();
        (await una.TryGetUser()).ShouldFailWith(404);
        (await app.TryLogin(Una)).ShouldFailWith(404);
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/activate")).ShouldBeTrue();
        (await una.TryGetUser()).ShouldFailWith(405);
        await app.Login(Una);
    }

    [Fact]
    public async Task Signing_out_ends_every_session_and_the_logins_under_way()
    {
        var app = await WithUna("twoFactorVerification=google");
        var (one, two) = (await app.Login(Una), await app.Login(Una));
        var authenticator = await one.EnableAuthenticator();
        var underWay = await app.LoginToken(Una);
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/signOut")).ShouldBeTrue();
        (await one.TryGetUser()).ShouldFailWith(405);
        (await two.TryGetUser()).ShouldFailWith(405);
        (await app.LoginComplete(underWay, authenticator.Code())).ShouldFailWith(600);
    }

    [Fact]
    public async Task Metadata_is_replaced_fields_that_users_cannot_edit_included()
    {
        var app = await WithUna(
            """metaData=[{"path":"name","fieldName":"name","required":true},{"path":"plan","fieldName":"plan","canEdit":false}]"""
        );
        (
            await app.SendAsServer(
                HttpMethod.Post,
                $"users/{Una}/metaData",
                new { metaData = """{"name":"Una","plan":"gold","sub":"evil","other":1}""" }
            )
        ).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/metaData", new { metaData = """{"plan":"silver"}""" })).ShouldFailWith(604);
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/metaData", new { })).ShouldFailWith(403);
        var una = await app.Login(Una);
        una.Claims.GetProperty("plan").GetString().ShouldBe("gold");
        una.Claims.GetProperty("sub").GetString().ShouldBe(Una);
    }

    [Fact]
    public async Task A_password_is_set_and_told_or_a_code_is_mailed()
    {
        var app = await WithUna();
        var una = await app.Login(Una);
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/resetPassword", new { password = "short" })).ShouldFailWith(702);
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/resetPassword", new { password = AppFlows.NewPassword })).ShouldBeTrue();
        (await una.TryGetUser()).ShouldFailWith(405);
        await app.Login(Una, AppFlows.NewPassword);
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/resetPassword")).ShouldBeTrue();
        (await app.ResetPassword(Una, await app.LastCodeFor(Una), "the third horse")).ShouldBeTrue();
        (await app.MailKinds(Una)).ShouldBe(["signUpSuccess", "passwordChanged", "resetPassword", "passwordChanged"]);
    }

    [Fact]
    public async Task Pages_go_through_all_users_once_newest_first()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1");
        for (var i = 0; i < 25; i++)
        {
            await app.LoginAnonymous($"ANON_{i}");
        }

        await app.Installation.Execute(
            "UPDATE users SET created_at = CAST(substr(handle, 6) AS BIGINT) WHERE app_id = @Id",
            new { app.Id }
        ); // two may have come in one millisecond
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await app.SendAsServer(HttpMethod.Get, $"users?limit=10&cursor={cursor}")).ShouldBeOk().Json;
            seen.AddRange(Handles(page));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (cursor is not null);
        seen.ShouldBe(Enumerable.Range(0, 25).Reverse().Select(i => $"ANON_{i}"));
    }

    [Fact]
    public async Task Search_finds_part_of_a_handle_or_user_name_in_any_case_and_takes_wildcards_as_they_are()
    {
        var app = await WithUna("userNamesEnabled=1", "anonymousLoginEnabled=1");
        (await (await app.Login(Una)).Post("setUserName", new { userName = "una_1" })).ShouldBeTrue();
        await app.CreateUser("x%y@example.com");
        await app.LoginAnonymous("ANON_Abc");
        (await Found(app, "UNA@")).ShouldBe([Una]);
        (await Found(app, "a_1")).ShouldBe([Una]);
        (await Found(app, "%25")).ShouldBe(["x%y@example.com"]);
        (await Found(app, "abc")).ShouldBe(["ANON_Abc"]);
        (await Found(app, "ANON_Abc")).ShouldBe(["ANON_Abc"]);
        (await Found(app, "nobody")).ShouldBeEmpty();
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/suspend")).ShouldBeTrue();
        Handles((await app.SendAsServer(HttpMethod.Get, "users?status=suspend")).ShouldBeOk().Json).ShouldBe([Una]);
    }

    [Theory]
    [InlineData("cursor=zz")]
    [InlineData("cursor=00")]
    [InlineData("cursor=7c7c")]
    [InlineData("cursor=397c277c")]
    [InlineData("limit=-1")]
    [InlineData("limit=99999999999999999999")]
    [InlineData("limit=x")]
    [InlineData("search=%27%20OR%201%3D1--")]
    [InlineData("search=%5C")]
    [InlineData("status=%27")]
    public async Task Strange_queries_are_no_error_and_show_no_foreign_user(string query)
    {
        var app = await WithUna();
        await (await servers.Unlimited()).CreateApp();
        Handles((await app.SendAsServer(HttpMethod.Get, $"users?{query}")).ShouldBeOk().Json).ShouldBeSubsetOf([Una]);
    }

    [Theory]
    [InlineData("search=%00")]
    [InlineData("search=a&search=b")]
    public async Task Unstorable_or_repeated_queries_are_invalid(string query)
    {
        var app = await WithUna();
        (await app.SendAsServer(HttpMethod.Get, $"users?{query}")).ShouldFailWith(602);
    }

    [Theory]
    [InlineData("%00")]
    [InlineData("%27")]
    [InlineData("..%2F")]
    [InlineData("%F0%9F%98%80")]
    public async Task Strange_names_are_nobody(string who)
    {
        var app = await WithUna();
        var reply = await app.SendAsServer(HttpMethod.Get, $"users/{who}");
        ((int)reply.Status).ShouldBeLessThan(500, reply.Text);
        reply.Status.ShouldNotBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_jwt_and_an_access_token_are_verified_with_their_claims_and_user()
    {
        var app = await WithUna();
        var una = await app.Login(Una);
        var jwt = (await app.SendAsServer(HttpMethod.Post, "verify", new { token = una.Jwt })).ShouldBeOk().Json;
        jwt.GetProperty("kind").GetString().ShouldBe("jwt");
        JsonElement.DeepEquals(jwt.GetProperty("claims"), una.Claims).ShouldBeTrue();
        jwt.GetProperty("user").GetProperty("id").GetString().ShouldBe(una.Id());
        var access = (await app.SendAsServer(HttpMethod.Post, "verify", new { token = una.AccessToken })).ShouldBeOk().Json;
        access.GetProperty("kind").GetString().ShouldBe("access-token");
        access.GetProperty("claims").GetProperty("handle").GetString().ShouldBe(Una);
    }

    [Fact]
    public async Task A_token_that_is_no_longer_good_is_told_so()
    {
        var app = await WithUna();
        var una = await app.Login(Una);
        (await app.SendAsServer(HttpMethod.Post, "verify", new { token = app.Token })).ShouldFailWith(405);
        (await app.SendAsServer(HttpMethod.Post, "verify", new { token = $"{una.Jwt[..^6]}AAAAAA" })).ShouldFailWith(405);
        (await una.Post("logout", new { })).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Post, "verify", new { token = una.AccessToken })).ShouldFailWith(405);
        (await app.SendAsServer(HttpMethod.Post, "verify", new { token = una.Jwt })).ShouldBeOk();
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/suspend")).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Post, "verify", new { token = una.Jwt })).ShouldFailWith(404);
        (await app.SendAsServer(HttpMethod.Delete, $"users/{Una}")).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Post, "verify", new { token = una.Jwt })).ShouldFailWith(603);
    }

    [Fact]
    public async Task No_browser_is_allowed_in()
    {
        var app = await WithUna();
        var preflight = app.Server.Request(
            HttpMethod.Options,
            "/api/server/users",
            ("Origin", "https://example.com"),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "app-secret")
        );
        (await app.Server.Send(preflight)).Header("Access-Control-Allow-Origin").ShouldBeNull();
        var get = app.Server.Request(HttpMethod.Get, "/api/server/users", ("Origin", "https://example.com"), ("app-secret", app.Secret));
        (await app.Server.Send(get)).ShouldBeOk().Header("Access-Control-Allow-Origin").ShouldBeNull();
    }

    [Fact]
    public async Task Every_route_is_in_the_openapi_document()
    {
        var app = await WithUna();
        var paths = (await app.Server.Get("/openapi/v1.json")).ShouldBeOk().Json.GetProperty("paths");
        foreach (var (method, route) in Routes.Select(row => row.Data))
        {
            paths.GetProperty($"/api/server/{route}").TryGetProperty(method.ToLowerInvariant(), out _).ShouldBeTrue(route);
        }
    }

    [Fact]
    public async Task The_openapi_document_describes_no_services_of_ours()
    {
        var document = (await servers.Main.Get("/openapi/v1.json")).ShouldBeOk().Json;
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var method in path.Value.EnumerateObject().Where(method => method.Name is "get" or "delete"))
            {
                method.Value.TryGetProperty("requestBody", out _).ShouldBeFalse($"{method.Name} {path.Name}");
            }
        }

        document
            .GetProperty("components")
            .GetProperty("schemas")
            .EnumerateObject()
            .Select(schema => schema.Name)
            .ShouldNotContain(name => name.EndsWith("Rules", StringComparison.Ordinal) || name.EndsWith("Store", StringComparison.Ordinal));
    }

    private async Task<App> WithUna(params string[] settings)
    {
        string[] defaults = settings.Any(setting => setting.StartsWith("metaData=", StringComparison.Ordinal))
            ? []
            : ["""metaData=[{"path":"name","fieldName":"name"}]"""];
        var app = await (await servers.Unlimited()).CreateApp(["signupFlow=none", .. defaults, .. settings]);
        await app.CreateUser(Una, metaData: """{"name":"Una"}""");
        return app;
    }

    private static async Task<string[]> Found(App app, string search) =>
        Handles((await app.SendAsServer(HttpMethod.Get, $"users?search={search}")).ShouldBeOk().Json);

    private static string[] Handles(JsonElement page) =>
        [.. page.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("handle").GetString()!)];
}
