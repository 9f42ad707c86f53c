using System.Net;
using Latchkey.Tests.Tenancy;

namespace Latchkey.Tests.Portal.Account;

/// <summary>The operator requires a second factor of every portal account.</summary>
public sealed class RequiredFactorTests(ServerFixture servers)
{
    private const string AuthenticatorPage = "/portal/account/authenticator";
    private const string SettingPage = "/portal/operator/joining";

    [Fact]
    public async Task An_account_without_one_sets_it_up_after_signing_in_and_goes_on()
    {
        var server = await servers.Start();
        var account = await PortalAccount.Create(server);
        await Require(server);
        var client = await account.SignIn();
        var led = (await client.Get("/portal/applications/new")).Header("Location");
        led.ShouldBe($"{AuthenticatorPage}?returnUrl=%2Fportal%2Fapplications%2Fnew");
        (await client.Get(led!)).Text.ShouldContain("The operator requires a second factor");
        (await client.Post(led!, "begin")).Header("Location").ShouldBe(led);
        var app = new Authenticator((await PortalAccountPage(client, led!)).QuerySelector("#copy-key")!.TextContent);
        var shown = await client.PostAndFollow(led!, "confirm", ("code", app.Code()));
        shown.Text.ShouldContain("Your recovery codes");
        shown.Text.ShouldContain("href=\"/portal/applications/new\"");
        (await client.Get("/portal/applications/new")).ShouldBeOk();
        (await client.Get(AuthenticatorPage)).Text.ShouldContain("cannot be switched off now");
    }

    [Fact]
    public async Task No_page_no_download_and_no_form_gets_past_it_in_a_session_that_was_there_before()
    {
        var server = await servers.Start("--limits", "off");
        var tenant = await Tenant.Create(server);
        var ada = await PortalAccount.Create(server, "ada", isOperator: true);
        var client = await ada.SignIn();
        var form = await client.Fields("/portal/account", "name");
        await Require(server);
        var (tried, before) = (0, await DatabaseSnapshot.OfApplication(server.Installation, tenant.App.Id));
        string[] open =
        [
            AuthenticatorPage,
            "/portal/account/passkeys",
            "/portal/confirm",
            "/portal/sign-in",
            "/portal/sign-in/code",
            "/portal/forgot",
            "/portal/reset",
            "/portal/sign-out",
        ];
        foreach (var route in MappedRoutes.All.Where(route => route.IsPortal && !open.Contains(route.Pattern)))
        {
            var path = PortalForms.Path(route, tenant.Ids);
            var answer = route.Method == "GET" ? await client.Get(path) : await client.Send(path, form, ("_handler", "name"));
            (answer.Status, answer.Header("Location")).ShouldBe(
                (HttpStatusCode.SeeOther, $"{AuthenticatorPage}?returnUrl={Uri.EscapeDataString(path)}"),
                $"{route}"
            );
            tried++;
        }

        tried.ShouldBeGreaterThan(100);
        TestScale.RecordFigure(82, $"{tried} pages, downloads and forms tried in an older session: 0 opened, 0 rows changed");
        (await DatabaseSnapshot.OfApplication(server.Installation, tenant.App.Id)).ShouldBe(before);
        (await client.Send("/portal/sign-out", form)).Header("Location").ShouldBe("/portal/sign-in?signedOut=1");
    }

    [Fact]
    public async Task An_invitation_is_not_accepted_by_an_account_without_one()
    {
        var server = await servers.Start();
        var (ada, ben) = (await PortalAccount.Create(server, "ada", isOperator: true), await PortalAccount.Create(server, "ben"));
        var app = await server.CreateApp();
        var (operatorClient, invited) = (await ada.SignIn(), await ben.SignIn());
        await operatorClient.Post($"/portal/applications/{app.Id}/members", "invite", ("email", ben.Email), ("role", "owner"));
        var link = await PortalAccount.LastLinkTo(server, ben.Email);
        var form = await invited.Fields(link, "accept");
        await Require(server);
        (await invited.Send(link, form)).Header("Location")!.ShouldStartWith(AuthenticatorPage);
        (await server.Installation.Query<long>("SELECT COUNT(*) FROM members WHERE developer_id = @Id", new { ben.Id })).ShouldBe(0);
    }

    [Fact]
    public async Task An_old_session_proves_itself_before_it_sets_one_up()
    {
        var server = await servers.Start();
        var account = await PortalAccount.Create(server);
        var thief = await account.SignIn();
        await account.LetProofExpire();
        await Require(server);
        (await thief.Get("/portal")).Header("Location")!.ShouldStartWith(AuthenticatorPage);
        (await thief.Get(AuthenticatorPage)).Header("Location")!.ShouldStartWith("/portal/confirm");
        (await thief.Get("/portal/confirm")).ShouldBeOk();
    }

    [Fact]
    public async Task Nobody_switches_it_off_meanwhile()
    {
        var server = await servers.Start();
        var account = await PortalAccount.Create(server);
        var client = await account.SignIn();
        await account.EnableSecondFactor(client);
        var form = await client.Fields(AuthenticatorPage, "off");
        await Require(server);
        (await client.Send(AuthenticatorPage, form)).Status.ShouldBe(HttpStatusCode.BadRequest); // the page has no such form
        (await client.Get(AuthenticatorPage)).Text.ShouldContain("cannot be switched off now");
        (await account.SignIn()).Session.ShouldBeNull();
    }

    [Fact]
    public async Task An_operator_sets_it_in_the_portal_and_the_log_says_who()
    {
        var server = await servers.Start();
        var ada = await PortalAccount.Create(server, "ada", isOperator: true);
        var client = await ada.SignIn();
        await ada.EnableSecondFactor(client);
        (await client.Post(SettingPage, "second-factor", ("factor", "perhaps"))).Text.ShouldContain("Choose optional or required");
        (await client.PostAndFollow(SettingPage, "second-factor", ("factor", "required"))).Text.ShouldContain("Saved");
        (await server.Installation.Run("installation", "show")).ShouldSucceed().Output.ShouldContain("secondFactor=required");
        await server.LogLine($"second factor of portal accounts set to required, by {ada.Email}");
        await client.Post(SettingPage, "second-factor", ("factor", "optional"));
        var other = await (await PortalAccount.Create(server)).SignIn();
        (await other.Get("/portal")).ShouldBeOk();
    }

    [Fact]
    public async Task The_last_operator_who_lost_the_phone_is_let_in_by_the_command_line()
    {
        var server = await servers.Start();
        var ada = await PortalAccount.Create(server, "ada", isOperator: true);
        await ada.EnableSecondFactor(await ada.SignIn());
        await Require(server);
        (await ada.SignIn()).Session.ShouldBeNull();
        (await server.Installation.Run("developer", "reset-second-factor", "--email", ada.Email)).ShouldSucceed();
        (await PortalAccount.LastMailTo(server, ada.Email))!.Body.Text.ShouldContain("removed the authenticator app");
        var client = await ada.SignIn();
        (await client.Get("/portal")).Header("Location")!.ShouldStartWith(AuthenticatorPage);
        await ada.EnableSecondFactor(client);
        (await client.Get("/portal")).ShouldBeOk();
    }

    [Fact]
    public async Task The_command_line_says_what_is_wrong()
    {
        var server = await servers.Start();
        var account = await PortalAccount.Create(server);
        await Says("no account", "developer", "reset-second-factor", "--email", "nobody@example.com");
        await Says("no second factor", "developer", "reset-second-factor", "--email", account.Email);
        await Says("Choose optional or required", "installation", "set", "secondFactor=yes");
        await Says("Use signUp=VALUE or secondFactor=VALUE", "installation", "set", "anything");
        await Says("Choose one of closed", "installation", "set", "signUp=perhaps");
        (await server.Installation.Run("installation", "set", "signUp=open")).ShouldSucceed();
        (await server.Installation.Run("installation", "show")).ShouldSucceed().Output.ShouldBe("signUp=open\nsecondFactor=optional\n");

        async Task Says(string what, params string[] command)
        {
            var run = await server.Installation.Run(command);
            (run.ExitCode, run.Error).ShouldSatisfyAllConditions(one => one.ExitCode.ShouldBe(1), one => one.Error.ShouldContain(what));
        }
    }

    private static async Task Require(ServerProcess server) =>
        (await server.Installation.Run("installation", "set", "secondFactor=required")).ShouldSucceed();

    private static async Task<AngleSharp.Html.Dom.IHtmlDocument> PortalAccountPage(PortalClient client, string path) =>
        new AngleSharp.Html.Parser.HtmlParser().ParseDocument((await client.Get(path)).Text);
}
