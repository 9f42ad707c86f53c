using System.Net;
using Latchkey.Core.Configuration;

namespace Latchkey.Tests.Applications.Realm;

/// <summary>Whatever goes wrong with App Services is said plainly, changes nothing, and shows no key.</summary>
[Collection(RealmServerFixture.Collection)]
public sealed class RealmErrorTests(RealmServerFixture shared)
{
    private const string Login = "POST /auth/providers/mongodb-cloud/login";

    public static TheoryData<string, int, string, string> Answers =>
        new()
        {
            { Login, 200, "<html>a page</html>", "not like the App Services Admin API" },
            { Login, 200, "{}", "not like the App Services Admin API" },
            { Login, 200, """{"access_token": 7}""", "not like the App Services Admin API" },
            { Login, 302, "{}", "not like the App Services Admin API" },
            { Login, 403, "{}", "does not accept these keys" },
            { Login, 429, "slow down", "refused with HTTP 429" },
            { "GET /groups/0123456789abcdef01234567/apps", 404, "{}", "no project with this id" },
            { "GET /groups/0123456789abcdef01234567/apps", 403, "{}", "do not have permission" },
            { "GET /groups/0123456789abcdef01234567/apps", 200, "[]", "no application harbour-abcde. It has no applications" },
            { "GET /groups/0123456789abcdef01234567/apps", 200, """[{"client_app_id":"other-1"}]""", "It has: other-1" },
            {
                "GET /groups/0123456789abcdef01234567/apps",
                200,
                """[{"client_app_id":"harbour-abcde","_id":"../../x"}]""",
                "not like the App Services Admin API"
            },
            { "GET /groups/0123456789abcdef01234567/apps", 200, "[1]", "not like the App Services Admin API" },
            { "GET …/secrets", 200, """{"secrets":[]}""", "not like the App Services Admin API" },
            { "GET …/secrets", 200, """[{"name":"CosyncJWTPublicKey"}]""", "not like the App Services Admin API" },
            { "GET …/auth_providers", 200, """[{"type":"custom-token","_id":"a/b"}]""", "not like the App Services Admin API" },
            { "POST …/secrets", 400, """{"error":"name is bad","error_code":"BadRequest"}""", "name is bad (BadRequest)" },
            {
                "POST …/secrets",
                400,
                $$"""{"error":"<b>you sent {{FakeAppServices.PrivateKey}} as {{FakeAppServices.PublicKey}} with access-1 for {{FakeAppServices.ProjectId}}</b>\r\nFORGED"}""",
                "<b>you sent … as … with … for …</b>"
            },
            { "POST …/auth_providers", 500, "oops", "failed with HTTP 500" },
        };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_that_is_no_yes_is_explained(string call, int status, string body, string says)
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.Plan(call, status, body);
        await ShouldSay(visit, says, await visit.Configure());
        visit.Realm.Providers.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("publicKey", "wrong")]
    [InlineData("privateKey", "5a1e-canary-private-key-9b7d")]
    public async Task Wrong_keys_are_named_as_such(string field, string value)
    {
        var visit = await RealmPageClient.Begin(shared);
        var answer = await visit.Configure("secret", (field, value));
        await ShouldSay(visit, "does not accept these keys", answer);
        answer.Html.ShouldNotContain(value == "wrong" ? "no-such-text" : value);
        (await visit.Undo((field, value))).Text(".notice").ShouldContain("does not accept these keys");
        (await visit.ShowUsers((field, value))).Text(".notice").ShouldContain("does not accept these keys");
    }

    [Theory]
    [InlineData("publicKey", "")]
    [InlineData("publicKey", "two words")]
    [InlineData("privateKey", "")]
    [InlineData("privateKey", "line\nend")]
    [InlineData("projectId", "")]
    [InlineData("projectId", "0123456789abcdef0123456")]
    [InlineData("projectId", "0123456789abcdef0123456/")]
    [InlineData("projectId", "../../../../admin/v3.0/xx")]
    public async Task Keys_of_a_wrong_shape_are_refused_beside_the_field_and_nobody_is_asked(string field, string value)
    {
        var visit = await RealmPageClient.Begin(shared);
        foreach (
            var answer in new[]
            {
                await visit.Configure("secret", (field, value)),
                await visit.Undo((field, value)),
                await visit.ShowUsers((field, value)),
            }
        )
        {
            answer.Status.ShouldBe(HttpStatusCode.OK);
            answer.Text($"#field-{field}-error").ShouldNotBeEmpty();
            answer.Html.ShouldNotContain(FakeAppServices.PrivateKey);
            answer.Html.ShouldNotContain(FakeAppServices.ProjectId);
        }

        visit.Realm.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task A_huge_answer_is_not_read()
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.Plan(
            Login,
            async context =>
            {
                var block = new byte[64 * 1024];
                for (var i = 0; i < 64 && !context.RequestAborted.IsCancellationRequested; i++)
                {
                    await context.Response.Body.WriteAsync(block);
                }
            }
        );
        await ShouldSay(visit, "too large", await visit.Configure());
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_up()
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.Plan(Login, context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }));
        await ShouldSay(visit, "does not answer", await visit.Configure());
    }

    [Fact]
    public async Task An_address_where_nothing_is_leaves_the_download()
    {
        var server = await shared.Start($"http://127.0.0.1:{FreePort.Find()}");
        using var visitor = await PortalVisitor.Operator(server);
        var visit = await RealmPageClient.On(shared.Realm, server, visitor);
        await ShouldSay(visit, "MongoDB closed its hosted App Services in 2025", await visit.Configure());
        (await visit.Visitor.Get($"{visit.Page}/provider.json")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_realm_app_id_nobody_is_asked()
    {
        var visit = await RealmPageClient.Begin(shared);
        await visit.App.Set("realmAppId=");
        await ShouldSay(visit, "First enter and save the Realm App Id", await visit.Configure());
        visit.Realm.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task Many_tries_in_a_row_are_stopped()
    {
        var server = await shared.Start(shared.Realm.Address);
        using var visitor = await PortalVisitor.Operator(server);
        var visit = await RealmPageClient.On(shared.Realm, server, visitor);
        for (var i = 0; i < 30; i++)
        {
            await visit.Configure("secret", ("privateKey", $"guess-{i}"));
        }

        (await visit.Configure()).Text(".notice").ShouldContain("Too many attempts. Please wait");
        visit.Realm.Secrets.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_viewer_looks_and_does_not_configure_and_strangers_see_nothing()
    {
        var visit = await RealmPageClient.Begin(shared);
        using var viewer = await PortalVisitor.Member(visit.App, "viewer");
        var page = await viewer.Get(visit.Page);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Document.QuerySelectorAll("main form").ShouldBeEmpty();
        var form = await visit.Visitor.Open(visit.Page, "configure");
        (await viewer.Send(visit.Page, form, RealmPageClient.Keys)).Status.ShouldNotBe(HttpStatusCode.SeeOther);
        (await viewer.Get($"{visit.Page}/undo")).Status.ShouldBe(HttpStatusCode.NotFound);

        using var stranger = await PortalVisitor.Member(await visit.App.Server.CreateRsaApp(), "owner");
        foreach (var path in new[] { visit.Page, $"{visit.Page}/undo", $"{visit.Page}/provider.json", $"{visit.Page}-users" })
        {
            (await stranger.Get(path)).Status.ShouldBe(HttpStatusCode.NotFound, path);
        }

        visit.Realm.Calls.ShouldBe(0);
    }

    [Theory]
    [InlineData("http://realm.example.com")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("https://user:word@realm.example.com")]
    [InlineData("https://realm.example.com/?x=1")]
    [InlineData("realm")]
    public void An_address_that_would_show_the_keys_stops_the_start(string address) =>
        Should
            .Throw<InvalidSettingException>(() =>
                InstallationReader.Read(new Dictionary<string, string?> { ["APP_SERVICES_URL"] = address })
            )
            .Message.ShouldContain("LATCHKEY_APP_SERVICES_URL");

    private static async Task ShouldSay(RealmPageClient visit, string says, PortalResponse answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Text(".notice.bad").ShouldContain(says);
        foreach (var secret in new[] { FakeAppServices.PrivateKey, FakeAppServices.PublicKey, FakeAppServices.ProjectId })
        {
            answer.Html.ShouldNotContain(secret);
        }

        await visit.ShouldKeepNoKey();
    }
}
