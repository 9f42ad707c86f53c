using System.Net;
using Latchkey.Messages.Outbox;
using Latchkey.Tests.Tenancy;

namespace Latchkey.Tests.Hosting;

/// <summary>What the server does around its functions: health, headers, limits of requests, the end.</summary>
public sealed class ServerBehaviourTests(ServerFixture servers)
{
    [Theory]
    [InlineData("/health/live", "alive\n")]
    [InlineData("/health/ready", "ready\n")]
    public async Task It_tells_its_health(string path, string words) => (await servers.Main.Get(path)).ShouldBeOk().Text.ShouldBe(words);

    [Theory]
    [InlineData("/")]
    [InlineData("/health/live")]
    [InlineData("/api/appuser/getApplication")]
    [InlineData("/api/appuser/nothing")]
    [InlineData("/api/server/users")]
    [InlineData("/apps/00000000000000000000000000000000/.well-known/jwks.json")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/index.html")]
    [InlineData("/portal")]
    [InlineData("/portal/nothing")]
    [InlineData("/css/plain.css")]
    [InlineData("/nothing")]
    public async Task Every_answer_has_the_security_headers(string path)
    {
        var reply = await servers.Main.Get(path);
        reply.Header("X-Content-Type-Options").ShouldBe("nosniff");
        reply
            .Header("Referrer-Policy")
            // Pages without a form are stricter still
            .ShouldBe(path is "/" or "/nothing" or "/portal/nothing" ? "no-referrer" : "strict-origin-when-cross-origin");
        var policy = reply.Header("Content-Security-Policy").ShouldNotBeNull();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        reply.Header("Server").ShouldBeNull();
    }

    [Fact]
    public async Task Every_route_answers_with_the_security_headers_refusals_included()
    {
        var answers = 0;
        foreach (var pattern in MappedRoutes.All.Select(route => route.Pattern).Distinct())
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Options })
            {
                var path = new MappedRoute(method.Method, pattern).Fill(_ => "00000000000000000000000000000000");
                var reply = await servers.Main.Send(servers.Main.Request(method, path));
                reply.Header("X-Content-Type-Options").ShouldBe("nosniff", $"{method} {path}");
                reply.Header("Referrer-Policy").ShouldNotBeNullOrEmpty($"{method} {path}");
                reply
                    .Header("Content-Security-Policy")
                    .ShouldNotBeNull($"{method} {path}")
                    .ShouldContain("default-src 'none'", Case.Sensitive, $"{method} {path}");
                var caching = reply.Header("Cache-Control").ShouldNotBeNull($"{method} {path}");
                if (reply.Status != HttpStatusCode.OK || !AllowsCaching(pattern))
                {
                    caching.ShouldContain("no-store", Case.Sensitive, $"{method} {path}");
                }

                answers++;
            }
        }

        answers.ShouldBeGreaterThan(400);
        TestScale.RecordFigure(37, $"{answers} answers of all routes, each with its headers");
    }

    /// <summary>Key sets and static files, which are the same for everyone.</summary>
    private static bool AllowsCaching(string pattern) =>
        pattern.Contains("/.well-known/", StringComparison.Ordinal)
        || pattern.StartsWith("/assets", StringComparison.Ordinal)
        || Path.HasExtension(pattern);

    [Fact]
    public async Task No_cache_may_store_what_belongs_to_one_user()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var user = await app.CreateUser("ann@example.com");
        (await user.TryGetUser()).ShouldBeOk().Header("Cache-Control").ShouldBe("no-store");
        (await app.TryLogin("ann@example.com")).Header("Cache-Control").ShouldBe("no-store");
        (await app.Get("getApplication")).ShouldBeOk().Header("Cache-Control").ShouldNotBeNull().ShouldContain("private");
    }

    [Fact]
    public async Task A_public_https_address_is_strict_about_it()
    {
        var server = await servers.Start("--public-url", "https://auth.example.com");
        (await server.Get("/health/live")).Header("Strict-Transport-Security").ShouldBe("max-age=63072000; includeSubDomains");
        (await servers.Main.Get("/health/live")).Header("Strict-Transport-Security").ShouldBeNull();
    }

    [Fact]
    public async Task The_OpenAPI_document_has_every_function_with_its_token()
    {
        var paths = (await servers.Main.Get("/openapi/v1.json")).ShouldBeOk().Json.GetProperty("paths");
        string[] functions =
        [
            "getApplication",
            "signup",
            "completeSignup",
            "login",
            "loginComplete",
            "loginAnonymous",
            "socialLogin",
            "socialSignup",
            "invite",
            "register",
            "forgotPassword",
            "resetPassword",
            "changePassword",
            "getUser",
            "userNameAvailable",
            "setUserName",
            "setLocale",
            "setUserMetadata",
            "setPhone",
            "verifyPhone",
            "setTwoFactorGoogleVerification",
            "setTwoFactorPhoneVerification",
            "loginFactor",
            "enrollFactor",
            "secondFactors",
            "recoveryCodes",
            "forgetDevices",
            "stepUp",
            "stepUpFactor",
            "link",
            "links",
            "unlink",
            "deleteAccount",
            "logout",
        ];
        foreach (var function in functions)
        {
            var operation = paths.GetProperty($"/api/appuser/{function}").EnumerateObject().First().Value;
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty(function);
            operation.GetProperty("security").GetArrayLength().ShouldBePositive(function);
        }

        paths
            .GetProperty("/api/server/users/{user}")
            .GetProperty("delete")
            .GetProperty("security")[0]
            .TryGetProperty("app-secret", out _)
            .ShouldBeTrue();
        paths
            .GetProperty("/api/appuser/login")
            .GetProperty("post")
            .GetProperty("requestBody")
            .GetProperty("content")
            .GetProperty("application/json")
            .GetProperty("schema")
            .GetProperty("properties")
            .TryGetProperty("handle", out _)
            .ShouldBeTrue();
        paths.EnumerateObject().ShouldNotContain(path => path.Name.StartsWith("/portal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_over_100_KiB_is_refused_without_being_read()
    {
        var app = await servers.Main.CreateApp();
        var request = servers.Main.Request(HttpMethod.Post, "/api/appuser/login", ("app-token", app.Token));
        request.Content = new StringContent(new string('x', 10 * 1024 * 1024));
        request.Headers.ExpectContinue = true; // ask first: the server never says that it wants the rest
        var reply = await servers.Main.Send(request);
        reply.ShouldFailWith(602, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task SIGTERM_sends_what_is_due_and_ends_well()
    {
        var server = await servers.Start();
        var app = await server.CreateApp("signupFlow=none");
        await app.CreateUser("ann@example.com");
        await server.Installation.Execute(
            "UPDATE messages SET status = @pending; UPDATE message_directory SET next_attempt_at = 0",
            new { pending = MessageStatus.Pending }
        );
        (await server.Stop()).ShouldBe(0);

        // Without a provider the worker can only postpone, which is how one sees that it looked.
        (await server.Installation.Query<int>("SELECT attempts FROM messages")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Traces_and_metrics_go_where_the_operator_says()
    {
        using var collector = new HttpListener();
        var address = $"http://127.0.0.1:{FreePort.Find()}/";
        collector.Prefixes.Add(address);
        collector.Start();
        var installation = await servers.NewInstallation();
        await using var server = await ServerProcess.Start(
            installation,
            environment:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", address),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_BSP_SCHEDULE_DELAY", "50"),
                ("OTEL_METRIC_EXPORT_INTERVAL", "50"),
            ]
        );
        await server.Get("/health/live", ("X-Forwarded-For", "203.0.113.1"));
        await server.Send(server.Request(HttpMethod.Get, "/health/live", ("Forwarded", "for=203.0.113.2")), "127.5.4.4");
        bool IsWarning(string line) => line.Contains("which are ignored", StringComparison.Ordinal);
        await WaitUntil.IsTrue("the headers are in the log", () => Task.FromResult(server.Log.Any(IsWarning)));
        server.Log.Count(IsWarning).ShouldBe(1);

        var seen = new HashSet<string>();
        while (!seen.IsSupersetOf(["/v1/traces", "/v1/metrics", "latchkey.forwarded.untrusted"]))
        {
            var sent = await collector.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            seen.Add(sent.Request.Url!.AbsolutePath);
            using var body = new StreamReader(sent.Request.InputStream, System.Text.Encoding.Latin1);
            if ((await body.ReadToEndAsync()).Contains("latchkey.forwarded.untrusted"))
            {
                seen.Add("latchkey.forwarded.untrusted");
            }

            sent.Response.StatusCode = 200;
            sent.Response.Close();
        }
    }

    [Fact]
    public async Task The_start_names_the_engine_and_gives_one_setup_link()
    {
        var server = await servers.Start();
        await server.LogLine(Engine.IsPostgres ? "PostgreSQL 1" : "SQLite 3.");
        var line = await server.LogLine("/portal/setup?token=");
        await PortalForms.ReadHarmlessFields(new PortalClient(server), new Uri(line.Split(": ")[^1]).PathAndQuery);
        (await server.Installation.Query<long>("SELECT COUNT(*) FROM developers")).ShouldBe(0);
        (await server.Stop()).ShouldBe(0);
        server.Log.Count(line => line.Contains("/portal/setup?token=", StringComparison.Ordinal)).ShouldBe(1);
    }
}
