namespace Latchkey.Tests.Hosting;

public sealed class StartupAndShutdownTests(ServerFixture servers)
{
    [Theory]
    [InlineData("--listen", "http://0.0.0.0:1")]
    [InlineData("--public-url", "https://auth.example.com")]
    [InlineData("--proxies", "10.0.0.0/8")]
    public async Task Limits_are_off_on_a_lonely_loopback_only(string option, string value)
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("serve", "--limits", "off", option, value)).ShouldFail("only on loopback");
    }

    [Theory]
    [InlineData("PUBLIC_URL", "--listen", "http://0.0.0.0:1")]
    [InlineData("listen", "--listen", "127.0.0.1")]
    [InlineData("proxies", "--proxies", "everyone")]
    [InlineData("http or https address", "--public-url", "auth.example.com")]
    [InlineData("on or off", "--limits", "maybe")]
    [InlineData("on or off", "--insecure-http", "yes")]
    [InlineData("cannot begin with /portal", "--public-url", "https://example.com/portal")]
    [InlineData("letters, digits and - . _ ~", "--public-url", "https://example.com/a%20b")]
    [InlineData("is not encrypted", "--public-url", "http://auth.example.com")]
    [InlineData("is not encrypted", "--public-url", "http://192.168.1.7:5400")]
    public async Task An_invalid_setting_stops_the_start_with_what_to_change(string because, string option, string value)
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("serve", option, value)).ShouldFail(because);
    }

    [Fact]
    public async Task A_laboratory_may_have_a_public_address_without_encryption()
    {
        var server = await servers.Start("--public-url", "http://auth.example.com", "--insecure-http", "on");
        (await server.Get("/health/ready")).ShouldBeOk();
        (await server.Installation.Run("doctor")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Limits_that_are_off_are_said_loudly() =>
        (await (await servers.Unlimited()).LogLine("ALL ABUSE LIMITS ARE OFF")).ShouldContain("\"Critical\"");

    [Fact]
    public async Task A_stop_is_graceful_and_a_start_finds_everything_again()
    {
        var installation = await servers.NewInstallation();
        var server = await servers.StartOn(installation);
        var ann = await (await server.CreateApp("signupFlow=none")).CreateUser("ann@example.com");
        (await server.Stop()).ShouldBe(0);
        var again = ann with { App = ann.App with { Server = await servers.StartOn(installation) } };
        (await again.TryGetUser()).ShouldBeOk();
        (await again.App.TryLogin("ann@example.com")).ShouldBeOk();
    }

    [Fact]
    public async Task It_says_whether_it_is_alive_and_ready()
    {
        (await servers.Main.Get("/health/live")).ShouldBeOk().Text.ShouldBe("alive\n");
        (await servers.Main.Get("/health/ready")).ShouldBeOk().Text.ShouldBe("ready\n");
    }

    [Fact]
    public async Task Logs_hold_no_secrets()
    {
        await using var server = await ServerProcess.Start(await servers.NewInstallation());
        var app = await server.CreateApp("anonymousLoginEnabled=1");
        var ann = await app.CreateUserByCode("ann@example.com", "canary-password");
        await app.TryLogin("ann@example.com", "canary-wrong");
        await app.LoginAnonymous("ANON_canary-handle");
        await (ann with { AccessToken = ann.AccessToken + "x" }).TryGetUser();
        await server.Stop();
        var log = string.Join('\n', server.Log);
        foreach (var secret in new[] { "canary", ann.AccessToken, ann.Jwt, app.Secret, await app.LastCodeFor("ann@example.com") })
        {
            log.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        var paths = (await servers.Main.Get("/openapi/v1.json"))
            .ShouldBeOk()
            .Json.GetProperty("paths")
            .EnumerateObject()
            .Select(p => p.Name)
            .ToList();
        foreach (
            var function in new[]
            {
                "getApplication",
                "signup",
                "completeSignup",
                "login",
                "loginAnonymous",
                "getUser",
                "setUserName",
                "userNameAvailable",
                "setUserMetadata",
                "setLocale",
                "changePassword",
                "deleteAccount",
                "logout",
            }
        )
        {
            paths.ShouldContain($"/api/appuser/{function}");
        }
    }
}
