using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Latchkey.Cryptography;
using Latchkey.Tests.Api.LoginCodes;
using Latchkey.Tests.Api.TwoFactor;
using Latchkey.Tests.Messages;

namespace Latchkey.Tests.SecretLeaks;

/// <summary>The main flows with recognisable secrets, then a search for each of them where nobody should find one.</summary>
public sealed class SecretLeakSearch(ServerFixture servers)
{
    private readonly PlantedSecrets canary = new();
    private readonly List<Reply> refusals = [];
    private readonly HashSet<string> codes = [];

    [Fact]
    public async Task No_secret_is_in_the_database_the_logs_the_traces_or_an_error()
    {
        using var collector = new OtlpCollector();
        var installation = await servers.NewInstallation();
        await using var server = await ServerProcess.Start(
            installation,
            ["--limits", "off"],
            [("LATCHKEY_PEPPER", canary.Plant("pepper")), .. collector.Environment]
        );
        await SetUpThePortal(server);
        await LiveAsAUser(server);
        await ComeByInvitationAndLink(server);
        await FailToSend(server);
        await BreakADatabaseTable(server);
        await CollectKeys(installation);
        await WaitUntil.IsTrue("traces have come", () => Task.FromResult(collector.Received.Sum(body => body.Length) > 10_000));
        (await server.Stop()).ShouldBe(0);

        var database = await WholeDatabase(installation);
        database.AsSpan().IndexOf("ann@example.com"u8).ShouldBePositive("the search looks at the right bytes");
        canary.FindIn(database).ShouldBeEmpty("in the database");
        canary.FindIn(string.Join('\n', server.Log)).ShouldBeEmpty("in the log");
        canary.FindIn([.. collector.Received.SelectMany(body => body)]).ShouldBeEmpty("in the traces");
        refusals.Count.ShouldBeGreaterThan(20);
        canary.FindIn(string.Join('\n', refusals.Select(reply => reply.Text))).ShouldBeEmpty("in an error");
        codes.Count.ShouldBeGreaterThan(4);
        var anyCode = new Regex($"(?<![0-9A-Za-z_-])({string.Join('|', codes)})(?![0-9A-Za-z_-])");
        (await Values(installation)).Where(value => anyCode.IsMatch(value)).ShouldBeEmpty();
        server.Log.Where(line => anyCode.IsMatch(line)).ShouldBeEmpty();
        refusals.Where(reply => anyCode.IsMatch(reply.Text)).ShouldBeEmpty();
        anyCode
            .Matches(Encoding.Latin1.GetString([.. collector.Received.SelectMany(body => body)]))
            .Select(match => match.Value)
            .ShouldBeEmpty("in the traces"); // a value of its own: six digits within a number or an id are chance
        TestScale.RecordFigure(
            54,
            $"{database.Length / 1024:N0} KiB of database, {server.Log.Count} log lines, "
                + $"{collector.Received.Sum(body => body.Length) / 1024:N0} KiB of traces and {refusals.Count} error bodies searched "
                + $"for {canary.Count} forms of secrets: 0 hits"
        );
        // A line end that is logged for certain
        server.Log.ShouldContain(line => line.StartsWith('{') && line.Contains("forged by an answer", StringComparison.Ordinal));
        server.Log.ShouldNotContain(line => line.StartsWith("forged", StringComparison.Ordinal));
    }

    [Fact]
    public void The_search_finds_each_form()
    {
        var secret = canary.Plant("control");
        var bytes = Encoding.UTF8.GetBytes(secret);
        foreach (
            var text in new[]
            {
                secret,
                Convert.ToHexString(bytes),
                Convert.ToBase64String(bytes),
                Convert.ToBase64String([1, .. bytes, 2]),
                Convert.ToBase64String([1, 2, .. bytes, 3]),
                System.Buffers.Text.Base64Url.EncodeToString([1, .. bytes]),
            }
        )
        {
            canary.FindIn($"before {text} after").ShouldNotBeEmpty(text);
        }

        canary.FindIn("Canary-control-0000000000000000").ShouldBeEmpty();
    }

    private async Task SetUpThePortal(ServerProcess server)
    {
        var link = new Uri((await server.LogLine("/portal/setup?token=")).Split(": ")[^1]).PathAndQuery;
        var (portal, password) = (new PortalClient(server), canary.PlantPassword("portal"));
        Refused(await portal.Post(link, "setup", ("name", "Olga"), ("email", "not an address"), ("password", password)));
        (await portal.Post(link, "setup", ("name", "Olga"), ("email", "olga@example.com"), ("password", password))).Status.ShouldBe(
            System.Net.HttpStatusCode.SeeOther
        );
        canary.Add("portal session of the setup", portal.Session!);
        var again = new PortalClient(server);
        Refused(await again.SignIn("olga@example.com", canary.PlantPassword("wrong at the portal")));
        await again.SignIn("olga@example.com", password);
        canary.Add("portal session", again.Session!);
        Refused(
            await new PortalClient(server).Send(
                "/portal/sign-in",
                new Dictionary<string, string> { ["email"] = "olga@example.com", ["password"] = password }
            )
        );

        const string page = "/portal/account/authenticator";
        await again.Post(page, "begin");
        var key = Added("seed of the portal account", Shown(await again.Get(page), "#copy-key"));
        var codesPage = await again.PostAndFollow(page, "confirm", ("code", new Authenticator(key).Code()));
        foreach (var code in Shown(codesPage, "#copy-codes").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            canary.Add("recovery code", code);
        }

        (await again.Post("/portal/operator/joining", "invite", ("email", "gil@example.com"))).Status.ShouldBe(
            System.Net.HttpStatusCode.SeeOther
        );
        canary.Add("portal invitation", TokenIn(await PortalAccount.LastLinkTo(server, "gil@example.com")));
        (await new PortalClient(server).Post("/portal/forgot", "forgot", ("email", "olga@example.com"))).Status.ShouldBe(
            System.Net.HttpStatusCode.SeeOther
        );
        var reset = await PortalAccount.LastLinkTo(server, "olga@example.com");
        canary.Add("portal reset", TokenIn(reset));
        (await new PortalClient(server).Post(reset, "reset", ("password", canary.PlantPassword("reset at the portal")))).Status.ShouldBe(
            System.Net.HttpStatusCode.SeeOther
        );
        (
            await server.Installation.RunWithInput(
                canary.PlantPassword("second operator") + "\n",
                "operator",
                "create",
                "--email",
                "oleg@example.com",
                "--name",
                "Oleg",
                "--password-stdin"
            )
        ).ShouldSucceed();
    }

    private async Task UseSecondFactors(ServerProcess server)
    {
        var app = Added(await server.CreateRsaApp("signupFlow=none", "secondFactorPolicy=newdevices", "rememberDeviceDays=30"));
        await app.CreateUser(FactorFlows.Ann);
        var step = await app.BeginLogin();
        var phone = await step.StartAuthenticator();
        canary.Add("login token that enrols", step.Token);
        Refused(await step.Complete(phone.WrongCode(), "otp"));
        var reply = await step.Complete(phone.Code(), "otp", remember: true);
        var ann = Added(app.ParseTokens(reply));
        var device = canary.Add("device token", reply.Json.GetProperty("device-token").GetString()!);
        var recovery = FactorFlows.Texts(reply.Json, "recovery-codes")!;
        Array.ForEach(recovery, code => canary.Add("recovery code of a user", code));
        app.ParseTokens(
            await app.Post(
                "login",
                new
                {
                    handle = FactorFlows.Ann,
                    password = App.Password,
                    deviceToken = device,
                }
            )
        );
        Refused(await ann.Post("stepUp", new { code = "aaaa-aaaa-aaaa", method = "recovery" }));
        app.ParseTokens(await ann.Post("stepUp", new { code = recovery[0], method = "recovery" }));
        Refused(await ann.Post("stepUp", new { code = recovery[0], method = "recovery" }));
    }

    private async Task SignInByCode(ServerProcess server)
    {
        var app = Added(await server.CreateRsaApp("emailCodeLogin=1", "signupByCode=1", "hideAccountExistence=1"));
        for (var i = 0; i < 2; i++) // as a newcomer, and as a user
        {
            var request = await app.BeginCodeLogin();
            canary.Add("request token", request.Token);
            var code = await CodeOf(app, LoginCodeFlows.Ann);
            var link = canary.Add("token of a login link", await app.LastLinkTokenFor());
            canary.Add("the random part of it", link[6..]);
            await app.OpenLink((await app.Mails(LoginCodeFlows.Ann)).First(mail => mail.Link is not null).Link!);
            Refused(await request.Complete(App.WrongCodeFor(code)));
            Refused(await (request with { Token = "another" }).Complete(link));
            Added(app.ParseTokens(await request.Complete(i == 0 ? code : link)));
            Refused(await request.Complete(link));
        }
    }

    private async Task LiveAsAUser(ServerProcess server)
    {
        var app = Added(await server.CreateRsaApp("twoFactorVerification=google"));
        var password = canary.PlantPassword("signup");
        var pending = canary.PlantPassword("signup that waits");
        (await app.Signup("ann@example.com", password)).ShouldBeTrue();
        (await app.Signup("waits@example.com", pending)).ShouldBeTrue();
        Refused(await app.Complete("ann@example.com", App.WrongCodeFor(await CodeOf(app, "ann@example.com"))));
        var ann = Added(app.ParseTokens(await app.Complete("ann@example.com", await CodeOf(app, "ann@example.com"))));
        Refused(await app.TryLogin("ann@example.com", canary.PlantPassword("wrong at login")));
        Refused(await app.TryLogin("forged\r\nforged line\r\nann@example.com", canary.PlantPassword("wrong with a line end")));
        Refused(
            await app.PostRaw(
                "login",
                new StringContent($"{{\"handle\":\"ann@example.com\",\"password\":[\"{password}\"]"),
                ("app-token", app.Token)
            )
        );
        Refused(
            await app.PostRaw(
                "login",
                new StringContent($"{{\"handle\":\"ann@example.com\",\"password\":[\"{password}\"]}}"),
                ("app-token", app.Token)
            )
        );
        Refused(
            await app.PostRaw(
                "signup",
                new StringContent(
                    $"handle=new@example.com&password={password}{new string('x', 300)}",
                    Encoding.UTF8,
                    "application/x-www-form-urlencoded"
                ),
                ("app-token", app.Token)
            )
        );
        Refused(await app.PostRaw($"login%0d%0aforged?password={password}", null, ("app-token", app.Token)));

        var phone = new Authenticator(
            Added(
                "authenticator seed",
                (await ann.Post("setTwoFactorGoogleVerification", new { twoFactor = true }))
                    .ShouldBeOk()
                    .Json.GetProperty("googleSecretKey")
                    .GetString()!
            )
        );
        var loginToken = canary.Add("login token", await app.LoginToken("ann@example.com", password));
        Refused(await app.LoginComplete(loginToken, phone.WrongCode()));
        codes.Add(phone.Code());
        Added(app.ParseTokens(await app.LoginComplete(loginToken, phone.Code())));
        Refused(await app.LoginComplete(loginToken, phone.Code()));

        await UseSecondFactors(server);
        await SignInByCode(server);
        Refused(
            await ann.Post(
                "changePassword",
                new { password = canary.PlantPassword("not the old one"), newPassword = canary.PlantPassword("never set") }
            )
        );
        (await app.ForgotPassword("ann@example.com")).ShouldBeTrue();
        var reset = canary.PlantPassword("reset");
        Refused(await app.ResetPassword("ann@example.com", App.WrongCodeFor(await CodeOf(app, "ann@example.com")), reset));
        (await app.ResetPassword("ann@example.com", await CodeOf(app, "ann@example.com"), reset)).ShouldBeTrue();
        await app.ResetTotpSteps("ann@example.com");
        var secondToken = canary.Add("second login token", await app.LoginToken("ann@example.com", reset));
        var again = Added(app.ParseTokens(await app.LoginComplete(secondToken, phone.Code())));
        (await again.Post("changePassword", new { password = reset, newPassword = canary.PlantPassword("changed") })).ShouldBeTrue();
        Refused(await ann.TryGetUser());
        Refused(await (ann with { AccessToken = ann.AccessToken[..^3] }).TryGetUser());
        Refused(await app.SendAsServer(HttpMethod.Get, $"users/ANON_{canary.Plant("anonymous handle")}"));
        Refused(await app.SendAsServer(HttpMethod.Get, "users", secret: canary.Plant("no app secret")));
        Refused(await app.SendAsServer(HttpMethod.Post, "verify", new { token = ann.Jwt[..^3] }));
        (
            await app.Installation.RunWithInput(
                canary.PlantPassword("user add"),
                "user",
                "add",
                app.Id,
                "hal@example.com",
                "--password-stdin"
            )
        ).ShouldSucceed();
        (
            await app.SendAsServer(
                HttpMethod.Post,
                "users",
                new { handle = "ida@example.com", password = canary.PlantPassword("added by a server") }
            )
        ).ShouldBeOk();
        (
            await app.SendAsServer(
                HttpMethod.Post,
                "users/ida@example.com/resetPassword",
                new { password = canary.PlantPassword("set by a server") }
            )
        ).ShouldBeOk();
        (
            await app.Installation.RunWithInput(
                canary.Plant("bucket"),
                ["storage", "set", app.Id, "--endpoint", "https://127.0.0.1:9", "--bucket", "files", "--key-id", "K", "--secret-stdin"]
            )
        ).ShouldSucceed();
        var picture = new
        {
            path = "x.png",
            contentType = "image/png",
            size = 1,
        };
        var asset = (await again.Post("createAsset", picture)).ShouldBeOk().Json;
        canary.Add("upload link", asset.GetProperty("writeUrl").GetString()!.Split("X-Amz-Signature=")[1]);
        Refused(await again.Post("completeAsset", new { assetId = asset.GetProperty("id").GetString() }));
        canary.Add("another app secret", (await app.Installation.Run("app", "secret", "add", app.Id)).ShouldSucceed().Output.Trim());
    }

    private async Task ComeByInvitationAndLink(ServerProcess server)
    {
        var app = Added(await server.CreateRsaApp("twoFactorVerification=phone"));
        (await app.InviteByServer("bob@example.com")).ShouldBeTrue();
        Refused(
            await app.Register(
                "bob@example.com",
                App.WrongCodeFor(await CodeOf(app, "bob@example.com")),
                canary.PlantPassword("not registered")
            )
        );
        var bob = Added(
            app.ParseTokens(await app.Register("bob@example.com", await CodeOf(app, "bob@example.com"), canary.PlantPassword("registered")))
        );
        (await bob.Post("setPhone", new { phone = "+4915112345678" })).ShouldBeTrue();
        Refused(await bob.Post("verifyPhone", new { code = App.WrongCodeFor(await CodeOf(app, "+4915112345678")) }));
        (await bob.Post("verifyPhone", new { code = await CodeOf(app, "+4915112345678") })).ShouldBeTrue();

        var byLink = Added(await server.CreateRsaApp("signupFlow=link", "linkCompletes=get"));
        (await byLink.Signup("cid@example.com", canary.PlantPassword("by link"))).ShouldBeTrue();
        var link = new Uri((await byLink.Mails("cid@example.com")).Single(mail => mail.Link is not null).Link!);
        canary.Add("link", System.Web.HttpUtility.ParseQueryString(link.Query)["code"]!);
        (await server.Get(link.PathAndQuery)).ShouldBeOk();
        Refused(await server.Get(link.PathAndQuery));
    }

    /// <summary>Providers that take nothing: what goes wrong is logged, and what is configured must not be.</summary>
    private async Task FailToSend(ServerProcess server)
    {
        await using var unwilling = new CountingListener(answer: "554-go away\r\n554-forged by an answer\r\n554 forged\r\n");
        var app = Added(
            await server.CreateRsaApp(
                "emailExtension=1",
                "mailProvider=smtp",
                "mailFrom=demo@example.com",
                "smtpHost=127.0.0.1",
                $"smtpPort={unwilling.Port}",
                "smtpSecurity=none",
                "smtpUser=demo",
                $"smtpPassword={canary.Plant("smtp")}",
                $"sendgridKey={canary.Plant("sendgrid")}",
                $"webhookSecret={canary.Plant("webhook")}",
                "twilioAccountSid=ACx",
                $"twilioAuthToken={canary.Plant("twilio")}",
                "twilioPhoneNumber=+15005550006"
            )
        );
        (await app.Signup("dan@example.com", canary.PlantPassword("never mailed"))).ShouldBeTrue();
        await WaitUntil.IsTrue(
            "a try has failed",
            async () => await server.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE attempts > 0 AND answer IS NOT NULL") > 0
        );
        (await server.Installation.Run("app", "set", app.Id, $"smtpPassword={canary.Plant("refused")}\r\nforged")).ShouldFail(
            "smtpPassword"
        );
        (await server.Installation.Run("app", "show", app.Id))
            .ShouldSucceed()
            .Output.ShouldSatisfyAllConditions(shown => canary.FindIn(shown).ShouldBeEmpty());
    }

    /// <summary>An exception of the database, with everything that it knows.</summary>
    private async Task BreakADatabaseTable(ServerProcess server)
    {
        var app = Added(await server.CreateRsaApp("signupFlow=none"));
        await server.Installation.Execute("ALTER TABLE sessions RENAME TO broken");
        var reply = await app.Signup("eve@example.com", canary.PlantPassword("while broken"));
        await server.Installation.Execute("ALTER TABLE broken RENAME TO sessions");
        reply.Code.ShouldBe(500);
        refusals.Add(reply);
        await server.Installation.Execute("ALTER TABLE users RENAME TO broken");
        reply = await app.SendAsServer(HttpMethod.Get, $"users/ANON_{canary.Plant("anonymous handle while broken")}");
        await server.Installation.Execute("ALTER TABLE broken RENAME TO users");
        reply.Code.ShouldBe(500);
        refusals.Add(reply);
        await WaitUntil.IsTrue(
            "the log names the route",
            () => Task.FromResult(server.Errors.Any(line => line.Contains("users/{user}", StringComparison.Ordinal)))
        );
    }

    private async Task CollectKeys(TestInstallation installation)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(installation.DataFolder, "keys"), "*.key"))
        {
            canary.Add("root key", Convert.FromBase64String((await File.ReadAllTextAsync(file)).Trim()));
        }

        var (ring, database) = (await installation.Get<KeyRing>(), await installation.Get<Latchkey.Data.Database>());
        var keys = (
            await database.Read(db => db.QueryAsync<(string Id, string Sealed)>("SELECT id, private_key_sealed FROM signing_keys"))
        ).AsList();
        keys.Count.ShouldBeGreaterThan(3);
        foreach (var (id, text) in keys)
        {
            using var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(ring.Open(SigningKeys.Purpose(id), text), out _);
            canary.Add("private exponent", rsa.ExportParameters(true).D![..48]);
            canary.Add("prime", rsa.ExportParameters(true).P![..48]);
        }

        canary.Add("private key, PEM", "-----BEGIN PRIVATE KEY-----");
    }

    private App Added(App app)
    {
        canary.Add("app secret", app.Secret);
        return app;
    }

    private LoggedInUser Added(LoggedInUser user)
    {
        canary.Add("access token's signature", user.AccessToken.Split('.')[2]);
        canary.Add("user JWT's signature", user.Jwt.Split('.')[2]);
        return user;
    }

    private string Added(string name, string grouped)
    {
        canary.Add(name, grouped);
        canary.Add(name, grouped.Replace(" ", ""));
        return grouped;
    }

    private async Task<string> CodeOf(App app, string to)
    {
        var code = await app.LastCodeFor(to);
        codes.Add(code);
        return code;
    }

    private static string TokenIn(string link) => System.Web.HttpUtility.ParseQueryString(link.Split('?')[1])["token"].ShouldNotBeNull();

    private static string Shown(Reply page, string selector) =>
        new AngleSharp.Html.Parser.HtmlParser().ParseDocument(page.ShouldBeOk().Text).QuerySelector(selector).ShouldNotBeNull().TextContent;

    private void Refused(Reply reply)
    {
        reply.Header("Location").ShouldBeNull();
        refusals.Add(reply);
    }

    private static async Task<byte[]> WholeDatabase(TestInstallation installation)
    {
        if (Engine.IsPostgres)
        {
            return Encoding.UTF8.GetBytes(
                await ChildProcess.Run("/usr/lib/postgresql/15/bin/pg_dump", "--no-owner", installation.DatabaseConnection)
            );
        }

        using var all = new MemoryStream();
        foreach (var file in Directory.GetFiles(installation.DataFolder, "latchkey.db*"))
        {
            await using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await bytes.CopyToAsync(all);
        }

        return all.ToArray();
    }

    /// <summary>Every value of every column, as text.</summary>
    private static async Task<IReadOnlyList<string>> Values(TestInstallation installation)
    {
        var database = await installation.Get<Latchkey.Data.Database>();
        return await database.Read(async db =>
        {
            var tables = (
                await db.QueryAsync<string>(
                    Engine.IsPostgres
                        ? "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
                        : "SELECT name FROM sqlite_master WHERE type = 'table'"
                )
            ).AsList();
            var values = new List<string>();
            foreach (var table in tables)
            {
                values.AddRange(
                    (await db.QueryAsync($"SELECT * FROM {table}"))
                        .Cast<IDictionary<string, object?>>()
                        .SelectMany(row => row.Values)
                        .Select(value => $"{value}")
                );
            }

            values.Count.ShouldBeGreaterThan(100);
            return values;
        });
    }
}
