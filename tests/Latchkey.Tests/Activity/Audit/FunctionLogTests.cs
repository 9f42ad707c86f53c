using Dapper;
using Latchkey.Data;
using Latchkey.Tests.Api.Linking;
using Latchkey.Tests.Api.LoginCodes;
using Latchkey.Tests.Api.Passkeys;
using Latchkey.Tests.Api.SocialLogin;
using Latchkey.Tests.Api.TwoFactor;
using Latchkey.Tests.Provider;
using Latchkey.Tests.Storage;

namespace Latchkey.Tests.Activity.Audit;

/// <summary>Every function of the API that changes something leaves a line in the application's log.</summary>
public sealed class FunctionLogTests(ServerFixture servers, SocialLoginFixture social, S3Server s3)
    : IClassFixture<SocialLoginFixture>,
        IClassFixture<S3Server>
{
    private const string Ann = "ann@example.com";

    /// <summary>What the server API's functions are called in the log.</summary>
    private static readonly Dictionary<string, string> OfServer = new(StringComparer.Ordinal)
    {
        ["POST /api/server/clients"] = "createClient",
        ["POST /api/server/clients/{client}"] = "changeClient",
        ["DELETE /api/server/clients/{client}"] = "deleteClient",
        ["POST /api/server/clients/{client}/secrets"] = "addClientSecret",
        ["POST /api/server/clients/{client}/secrets/{secret}/end"] = "endClientSecret",
        ["POST /api/server/providers"] = "addProvider",
        ["POST /api/server/providers/{provider}"] = "changeProvider",
        ["DELETE /api/server/providers/{provider}"] = "removeProvider",
        ["POST /api/server/resources"] = "addResource",
        ["POST /api/server/resources/change"] = "changeResource",
        ["POST /api/server/resources/remove"] = "removeResource",
        ["POST /api/server/invite"] = "invite",
        ["POST /api/server/users"] = "addUser",
        ["DELETE /api/server/users/{user}"] = "deleteUser",
        ["POST /api/server/users/{user}/activate"] = "activateUser",
        ["POST /api/server/users/{user}/metaData"] = "setUserMetadata",
        ["POST /api/server/users/{user}/resetPassword"] = "resetPassword",
        ["POST /api/server/users/{user}/resetSecondFactor"] = "resetSecondFactor",
        ["POST /api/server/users/{user}/signOut"] = "signOutUser",
        ["DELETE /api/server/users/{user}/sessions/{session}"] = "endSession",
        ["DELETE /api/server/users/{user}/links/{link}"] = "unlink",
        ["DELETE /api/server/users/{user}/passkeys/{passkey}"] = "passkeyDelete",
        ["POST /api/server/users/{user}/suspend"] = "suspendUser",
    };

    [Fact]
    public async Task Every_function_of_an_app_that_changes_something_is_logged()
    {
        var server = await servers.Unlimited();
        var app = await server.CreateApp(
            "userNamesEnabled=1",
            "anonymousLoginEnabled=1",
            "twoFactorVerification=phone",
            "emailCodeLogin=1",
            """metaData=[{"path":"note","fieldName":"note"}]"""
        );
        var ann = await app.CreateUserByCode(Ann);
        await app.LoginByCode(Ann);
        (await ann.Post("setUserName", new { userName = "annie" })).ShouldBeTrue();
        (await ann.Post("setLocale", new { locale = "EN" })).ShouldBeTrue();
        (await ann.Post("setUserMetadata", new { metaData = """{"note":"x"}""" })).ShouldBeTrue();
        await app.SetUpStorage(s3);
        (await ann.Post("removeAsset", new { assetId = (await ann.Upload()).Id() })).ShouldBeTrue();
        (await ann.Invite("bob@example.com")).ShouldBeTrue();
        app.ParseTokens(await app.Register("bob@example.com", await app.LastCodeFor("bob@example.com")));
        (await app.ForgotPassword(Ann)).ShouldBeTrue();
        (await app.ResetPassword(Ann, await app.LastCodeFor(Ann))).ShouldBeTrue();
        ann = await app.Login(Ann, AppFlows.NewPassword);
        (await ann.Post("changePassword", new { password = AppFlows.NewPassword, newPassword = App.Password })).ShouldBeTrue();
        await app.Login(Ann);
        var sessions = (await ann.Get("sessions")).ShouldBeOk().Json.GetProperty("sessions").EnumerateArray();
        var other = sessions.First(one => !one.GetProperty("current").GetBoolean() && !one.TryGetProperty("endedAt", out _));
        (await ann.Post("endSession", new { id = other.GetProperty("id").GetString() })).ShouldBeTrue();
        await ann.EnablePhone("+4915112345678");
        var token = await app.LoginToken(Ann);
        var again = app.ParseTokens(await app.LoginComplete(token, await app.LastCodeFor("+4915112345678")));
        (await again.Post("logout", new { })).ShouldBeTrue();
        await app.LoginAnonymous("ANON_one");
        var provider = new ProviderApp(app);
        var client = await provider.AddClient();
        await provider.AddConsent(client, ann, "openid");
        (await ann.Post("revokeConsent", new { clientId = client.Id })).ShouldBeTrue();
        (await ann.Post("deleteAccount", new { handle = Ann, password = App.Password })).ShouldBeTrue();

        var google = await server.CreateApp("signupFlow=none", "twoFactorVerification=google");
        await (await google.CreateUser(Ann)).EnableAuthenticator();
        var factors = await UseSecondFactors(server);
        var passkeys = await UsePasskeys(server);
        var socialApp = await social.CreateApp();
        var linking = socialApp.ParseTokens(await socialApp.SocialSignup("google", social.Provider.Token("google", Ann), Ann));
        (await linking.Link("apple", social.Provider.Token("apple", Ann))).ShouldBeTrue();
        (await linking.Unlink("apple")).ShouldBeTrue();
        (await socialApp.SocialLogin("google", social.Provider.Token("google", Ann))).ShouldBeOk();

        var logged = new[]
        {
            await Done(app),
            await Done(google),
            await Done(factors),
            await Done(passkeys),
            await Done(socialApp),
        }.SelectMany(actions => actions);
        MappedRoutes
            .All.Where(route =>
                route is { Method: "POST", Pattern: var pattern } && pattern.StartsWith("/api/appuser/", StringComparison.Ordinal)
            )
            .Select(route => route.Pattern.Split('/')[^1])
            .Except(logged)
            .Order(StringComparer.Ordinal)
            // one is logged if it is unusual, AppSignInTests shows that providerLoginComplete is, and the others change nothing
            .ShouldBe(["passkeyLoginOptions", "passkeyOptions", "providerLogin", "providerLoginComplete", "refresh", "refreshAsset"]);
    }

    private static async Task<App> UseSecondFactors(ServerProcess server)
    {
        const string number = "+14155550101";
        var app = await server.CreateAppWithPolicy("required");
        await app.CreateUser(Ann);
        var enrolling = await app.BeginLogin();
        (await enrolling.StartEnrollment("sms", number)).ShouldBeTrue();
        var ann = app.ParseTokens(await enrolling.Complete(await app.LastCodeFor(number)));
        (await (await app.BeginLogin()).SendSms()).ShouldBeTrue();
        (await ann.Post("stepUpFactor", new { method = "sms" })).ShouldBeTrue();
        (await ann.Post("stepUp", new { code = await app.LastCodeFor(number) })).ShouldBeOk();
        (await ann.Post("recoveryCodes", new { })).ShouldBeOk();
        (await ann.Post("forgetDevices", new { })).ShouldBeTrue();
        return app;
    }

    private static async Task<App> UsePasskeys(ServerProcess server)
    {
        var app = await server.CreateApp(PasskeyFlows.Settings);
        var ann = await app.CreateUser(Ann);
        using var phone = new SoftAuthenticator();
        (await ann.AddPasskey(phone)).ShouldBeOk();
        app.ParseTokens(await app.LoginWithPasskey(phone));
        var id = (await ann.Passkey()).GetProperty("id").GetString();
        (await ann.Post("passkeyRename", new { id, name = "phone" })).ShouldBeTrue();
        (await ann.Post("passkeyDelete", new { id })).ShouldBeTrue();
        return app;
    }

    [Fact]
    public async Task Every_function_of_a_server_that_changes_something_is_logged()
    {
        var app = await (await servers.Unlimited()).CreateApp("""metaData=[{"path":"note","fieldName":"note"}]""");
        var user = $"users/{Ann}";
        (await app.SendAsServer(HttpMethod.Post, "users", new { handle = Ann, password = App.Password })).ShouldBeOk();
        (await app.SendAsServer(HttpMethod.Post, $"{user}/metaData", new { metaData = """{"note":"x"}""" })).ShouldBeTrue();
        await app.Login(Ann);
        var session = (await app.SendAsServer(HttpMethod.Get, $"{user}/sessions")).ShouldBeOk().Json.GetProperty("sessions")[0];
        (await app.SendAsServer(HttpMethod.Delete, $"{user}/sessions/{session.GetProperty("id").GetString()}")).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Post, $"{user}/resetPassword")).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Post, $"{user}/resetSecondFactor")).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Post, $"{user}/signOut")).ShouldBeTrue();
        await app.GiveIdentity(Ann, "google", "sub-of-ann");
        var link = (await app.SendAsServer(HttpMethod.Get, $"{user}/links")).ShouldBeOk().Json.GetProperty("identities")[0];
        (await app.SendAsServer(HttpMethod.Delete, $"{user}/links/{link.GetProperty("id").GetString()}")).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Post, $"{user}/suspend")).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Post, $"{user}/activate")).ShouldBeTrue();
        var withPasskey = await servers.Main.CreateApp(PasskeyFlows.Settings);
        using var authenticator = new SoftAuthenticator();
        var passkey = (await (await withPasskey.CreateUser(Ann)).AddPasskey(authenticator))
            .ShouldBeOk()
            .Json.GetProperty("passkey")
            .GetProperty("id");
        (await withPasskey.SendAsServer(HttpMethod.Delete, $"{user}/passkeys/{passkey}")).ShouldBeTrue();
        (await app.SendAsServer(HttpMethod.Delete, user)).ShouldBeTrue();
        (await app.InviteByServer("bob@example.com")).ShouldBeTrue();
        await UseClients(app);

        (await Done(app))
            .Append((await Done(withPasskey)).Single(action => action == "passkeyDelete"))
            .ShouldBe(OfServer.Values.Append("createApplication").Append("login"), ignoreOrder: true);
        MappedRoutes
            .All.Where(route => route.Method != "GET" && route.Pattern.StartsWith("/api/server/", StringComparison.Ordinal))
            .Select(route => route.ToString())
            .Except(["POST /api/server/verify"]) // changes nothing
            .ShouldBe(OfServer.Keys, ignoreOrder: true);
    }

    [Theory]
    [InlineData("google", "setTwoFactorGoogleVerification")]
    [InlineData("phone", "setTwoFactorPhoneVerification")]
    public async Task Switching_a_second_factor_off_is_logged_like_switching_it_on(string method, string function)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", $"twoFactorVerification={method}");
        var ann = await app.CreateUser(Ann);
        if (method == "phone")
        {
            await ann.VerifyPhone("+4915112345678");
        }

        (await ann.Post(function, new { twoFactor = true })).ShouldBeOk();
        (await Logged()).ShouldBe(1);
        (await ann.Post(function, new { twoFactor = false })).ShouldBeOk();
        (await Logged()).ShouldBe(2);

        Task<long> Logged() => // identical lines within a minute are one line with a count
            app.Installation.Query<long>(
                "SELECT SUM(count) FROM audit WHERE app_id = @Id AND action = @function AND handle = @Ann AND code = 0",
                new
                {
                    app.Id,
                    function,
                    Ann,
                }
            );
    }

    /// <summary>The actions that succeeded.</summary>
    private static async Task UseClients(App app)
    {
        var resource = new { resource = "https://api.example.com" };
        (await app.SendAsServer(HttpMethod.Post, "resources", resource)).ShouldBeOk();
        (await app.SendAsServer(HttpMethod.Post, "resources/change", new { resource.resource, name = "Orders" })).ShouldBeOk();
        (await app.SendAsServer(HttpMethod.Post, "resources/remove", resource)).ShouldBeOk();
        var made = (await app.SendAsServer(HttpMethod.Post, "clients", new { type = "web", name = "Shop" })).ShouldBeOk().Json;
        var client = $"clients/{made.GetProperty("clientId").GetString()}";
        (await app.SendAsServer(HttpMethod.Post, client, new { name = "Web shop" })).ShouldBeOk();
        (await app.SendAsServer(HttpMethod.Post, $"{client}/secrets")).ShouldBeOk();
        var secret = (await app.SendAsServer(HttpMethod.Get, client)).ShouldBeOk().Json.GetProperty("secrets")[0].GetProperty("id");
        (await app.SendAsServer(HttpMethod.Post, $"{client}/secrets/{secret.GetString()}/end")).ShouldBeOk();
        (await app.SendAsServer(HttpMethod.Delete, client)).ShouldBeOk();
        var provider = new
        {
            template = "github",
            clientId = "id",
            clientSecret = "secret",
        };
        (await app.SendAsServer(HttpMethod.Post, "providers", provider)).ShouldBeOk();
        (await app.SendAsServer(HttpMethod.Post, "providers/github", new { enabled = false })).ShouldBeOk();
        (await app.SendAsServer(HttpMethod.Delete, "providers/github")).ShouldBeOk();
    }

    private static async Task<IReadOnlyList<string>> Done(App app)
    {
        var database = await app.Installation.Get<Database>();
        return
        [
            .. await database.Read(db =>
                db.QueryAsync<string>("SELECT DISTINCT action FROM audit WHERE app_id = @Id AND code = 0", new { app.Id })
            ),
        ];
    }
}
