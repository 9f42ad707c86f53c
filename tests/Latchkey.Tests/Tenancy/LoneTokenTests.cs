using System.Net.Http.Json;
using System.Text.Json;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Tenancy;

/// <summary>
/// The header access-token without an app-token beside it. Released SDKs send it where an app is not logged in, so there it names the
/// application: and opens nothing else.
/// </summary>
public sealed class LoneTokenTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Bob = "bob@example.com";

    /// <summary>Functions that take an App Token in the header access-token too, with what an empty application answers.</summary>
    public static TheoryData<string, string, int> AppTokenFunctions =>
        new()
        {
            { "getApplication", "", 200 },
            { "completeSignup", """{"handle":"bob@example.com","code":"111111"}""", 602 },
            { "loginComplete", """{"loginToken":"x","code":"111111"}""", 600 },
            { "socialLogin", """{"provider":"google","token":"x"}""", 416 },
            { "register", """{"handle":"bob@example.com","password":"correct horse battery","code":"111111"}""", 602 },
            { "forgotPassword", """{"handle":"bob@example.com"}""", 603 },
            { "resetPassword", """{"handle":"bob@example.com","password":"correct horse battery","code":"111111"}""", 602 },
        };

    /// <summary>Functions that take no App Token there.</summary>
    public static TheoryData<string, string, int> OtherFunctions =>
        new()
        {
            { "login", """{"handle":"bob@example.com","password":"x"}""", 600 },
            { "passkeyLoginOptions", "{}", 200 },
            { "passkeyLogin", """{"requestToken":"x","credential":"{}"}""", 717 },
            { "loginAnonymous", """{"handle":"ANON_bob"}""", 200 },
            { "signup", """{"handle":"bob@example.com","password":"correct horse battery"}""", 200 },
            { "socialSignup", """{"provider":"google","token":"x","handle":"bob@example.com"}""", 416 },
        };

    public static TheoryData<string, string, int> AllFunctions => [.. AppTokenFunctions, .. OtherFunctions];

    public static TheoryData<string> UpgradingFunctions => ["signup", "register"];

    [Theory]
    [MemberData(nameof(AllFunctions))]
    public async Task An_access_token_names_the_application_dead_or_alive(string function, string body, int answer)
    {
        foreach (var state in new[] { "live", "logged out", "expired", "suspended", "deleted" })
        {
            var ann = await Join();
            await Bring(ann, state);
            (await Call(ann.App, function, body, ann.AccessToken)).Code.ShouldBe(answer == 200 ? null : answer, state);
        }
    }

    [Theory]
    [MemberData(nameof(AppTokenFunctions))]
    public async Task An_app_token_in_its_place_names_the_application(string function, string body, int answer)
    {
        var app = (await Join()).App;
        (await Call(app, function, body, app.Token)).Code.ShouldBe(answer == 200 ? null : answer);
        (await app.Installation.Run("app", "token", "renew", app.Id, "--old-ends-in", "0")).ShouldSucceed();
        await WaitUntil.IsTrue("the token is revoked", async () => (await app.Get("getApplication")).Code == 400);
        (await Call(app, function, body, app.Token)).ShouldFailWith(405);
    }

    [Theory]
    [MemberData(nameof(OtherFunctions))]
    public async Task Elsewhere_an_app_token_in_its_place_is_refused(string function, string body, int answer)
    {
        var app = (await Join()).App;
        (await Call(app, function, body, app.Token)).ShouldFailWith(405);
        (await app.Post(function, JsonDocument.Parse(body).RootElement)).Code.ShouldBe(answer == 200 ? null : answer);
    }

    [Theory]
    [MemberData(nameof(AllFunctions))]
    public async Task Anything_else_in_its_place_is_refused(string function, string body, int _)
    {
        var ann = await Join();
        var tokens = await ann.App.Installation.Get<InstallationTokens>();
        var signedUser = new SignedUserToken(ann.App.Id, Ann, 1, long.MaxValue / 1000);
        string[] others =
        [
            "garbled",
            ann.Jwt,
            ann.App.Secret,
            tokens.Write(new LoginToken(ann.App.Id, Ann, "id", 1)),
            tokens.Write(signedUser),
        ];
        foreach (var other in others)
        {
            (await Call(ann.App, function, body, other)).ShouldFailWith(405);
        }
    }

    [Fact]
    public async Task The_application_is_judged_as_with_its_own_token()
    {
        var (ann, app) = (await Join(), (await Join()).App);
        await ann.App.Set("status=blocked", "--reason", "a breach of the terms");
        (await Call(ann.App, "login", LoginBody, ann.AccessToken)).ShouldFailWith(402);
        (await Call(ann.App, "resetPassword", ResetBody, ann.App.Token)).ShouldFailWith(402);
        await app.Delete();
        (await Call(app, "resetPassword", ResetBody, app.Token)).ShouldFailWith(401);
    }

    [Fact]
    public async Task One_applications_token_opens_nothing_of_another()
    {
        var (one, other) = (await Join(), await Join());
        await other.App.CreateUser(Bob);
        var before = await DatabaseSnapshot.OfApplication(other.App.Installation, other.App.Id);
        foreach (var token in new[] { one.AccessToken, one.App.Token })
        {
            (await Call(one.App, "login", LoginBody, one.AccessToken)).ShouldFailWith(600); // Bob is a user of the other application alone
            (await Call(one.App, "forgotPassword", $$"""{"handle":"{{Bob}}"}""", token)).ShouldFailWith(603);
            (await Call(one.App, "resetPassword", ResetBody, token)).ShouldFailWith(602);
        }

        (await Call(one.App, "signup", SignupBody, one.AccessToken)).ShouldBeOk(); // of its own application
        (await DatabaseSnapshot.OfApplication(other.App.Installation, other.App.Id)).ShouldBe(before);
        (await one.App.CountUsers(Bob)).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(UpgradingFunctions))]
    public async Task A_live_anonymous_users_token_alone_is_an_upgrade(string function)
    {
        var app = (await Join()).App;
        var anonymous = await app.LoginAnonymous("ANON_1");
        var bob = app.ParseTokens(await Call(app, function, await BodyFor(app, function), anonymous.AccessToken));
        (bob.Id(), await app.CountUsers("ANON_1")).ShouldBe((anonymous.Id(), 0));
        (await anonymous.TryGetUser()).ShouldFailWith(405);
    }

    [Theory]
    [MemberData(nameof(UpgradingFunctions))]
    public async Task A_dead_anonymous_users_token_alone_is_no_upgrade(string function)
    {
        foreach (var state in new[] { "logged out", "expired", "suspended", "deleted" })
        {
            var app = (await Join()).App;
            var anonymous = await app.LoginAnonymous("ANON_1");
            await Bring(anonymous, state);
            var bob = app.ParseTokens(await Call(app, function, await BodyFor(app, function), anonymous.AccessToken));
            (bob.Id() == anonymous.Id(), await app.CountUsers("ANON_1")).ShouldBe((false, state == "deleted" ? 0 : 1), state);
        }
    }

    [Theory]
    [MemberData(nameof(UpgradingFunctions))]
    public async Task A_named_user_is_never_upgraded(string function)
    {
        var ann = await Join();
        var bob = ann.App.ParseTokens(await Call(ann.App, function, await BodyFor(ann.App, function), ann.AccessToken));
        (bob.Id() == ann.Id(), await ann.App.CountUsers(Ann)).ShouldBe((false, 1));
        (await ann.GetUser()).GetProperty("handle").GetString().ShouldBe(Ann);
        ann.App.ParseTokens(await ann.App.TryLogin(Ann)).Id().ShouldBe(ann.Id());
    }

    [Fact]
    public async Task A_signup_that_waits_for_its_code_remembers_whom_it_upgrades_and_nobody_else()
    {
        var ann = await Join();
        await ann.App.Set("signupFlow=code");
        var (anonymous, ended) = (await ann.App.LoginAnonymous("ANON_1"), await ann.App.LoginAnonymous("ANON_2"));
        (await ended.Post("logout", new { })).ShouldBeTrue();
        foreach (var (token, upgrades) in new[] { (ann, (string?)null), (ended, null), (anonymous, anonymous.Id()) })
        {
            (await Call(ann.App, "signup", SignupBody, token.AccessToken)).ShouldBeTrue();
            (
                await ann.App.Installation.Query<string?>(
                    "SELECT upgrades_user_id FROM signups WHERE app_id = @Id ORDER BY created_at DESC, id DESC LIMIT 1",
                    new { ann.App.Id }
                )
            ).ShouldBe(upgrades);
        }
    }

    [Theory]
    [MemberData(nameof(UpgradingFunctions))]
    public async Task Beside_an_app_token_only_a_live_anonymous_users_will_do(string function)
    {
        var ann = await Join();
        var (stranger, ended) = (await (await Join()).App.LoginAnonymous("ANON_1"), await ann.App.LoginAnonymous("ANON_2"));
        (await ended.Post("logout", new { })).ShouldBeTrue();
        var body = await BodyFor(ann.App, function);
        foreach (
            var token in new[] { ann.AccessToken, ann.App.Token, stranger.AccessToken, stranger.App.Token, ended.AccessToken, "garbled" }
        )
        {
            (await ann.App.PostRaw(function, Json(body), ("app-token", ann.App.Token), ("access-token", token))).ShouldFailWith(405);
        }

        (await ann.App.CountUsers(Bob)).ShouldBe(0);
    }

    private const string LoginBody = $$"""{"handle":"{{Bob}}","password":"{{App.Password}}"}""";
    private const string SignupBody = LoginBody;
    private const string ResetBody = $$"""{"handle":"{{Bob}}","password":"another horse battery","code":"111111"}""";

    private static async Task<string> BodyFor(App app, string function)
    {
        if (function == "signup")
        {
            return SignupBody;
        }

        (await app.InviteByServer(Bob)).ShouldBeTrue();
        return JsonSerializer.Serialize(
            new
            {
                handle = Bob,
                password = App.Password,
                code = await app.LastCodeFor(Bob),
            }
        );
    }

    private static async Task Bring(LoggedInUser user, string state)
    {
        switch (state)
        {
            case "logged out":
                (await user.Post("logout", new { })).ShouldBeTrue();
                break;
            case "expired":
                await user.App.Installation.Execute("UPDATE sessions SET expires_at = 1 WHERE app_id = @Id", new { user.App.Id });
                break;
            case "suspended":
                (await user.App.SendAsServer(HttpMethod.Post, $"users/{user.Id()}/suspend")).ShouldBeTrue();
                break;
            case "deleted":
                (await user.App.SendAsServer(HttpMethod.Delete, $"users/{user.Id()}")).ShouldBeTrue();
                break;
        }
    }

    /// <summary>A call with nothing but the header access-token; a function without a body is a GET.</summary>
    private static Task<Reply> Call(App app, string function, string body, string token)
    {
        var header = ("access-token", token);
        return body.Length == 0
            ? app.Server.Send(app.Server.Request(HttpMethod.Get, $"/api/appuser/{function}", header))
            : App.RetryWhileBusy(function, () => app.PostRaw(function, Json(body), header));
    }

    private static JsonContent Json(string body) => JsonContent.Create(JsonDocument.Parse(body).RootElement);

    private async Task<LoggedInUser> Join() =>
        await (
            await (await servers.Unlimited()).CreateApp(
                "signupFlow=none",
                "anonymousLoginEnabled=1",
                "passkeysEnabled=1",
                "passkeyRpId=example.org"
            )
        ).CreateUser(Ann);
}
