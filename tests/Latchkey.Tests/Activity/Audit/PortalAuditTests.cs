using System.Net;
using System.Text;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Tests.Tenancy;
using RejectedFormLog = Latchkey.Portal.RejectedFormLog;

namespace Latchkey.Tests.Activity.Audit;

/// <summary>What developers do in the portal, and what they are refused, can be seen afterwards: who, from where, what.</summary>
public sealed class PortalAuditTests(ServerFixture servers)
{
    private const string Address = "127.0.44.1";

    /// <summary>What a member can do on the pages of an application.</summary>
    private static readonly string[] Changes =
    [
        "activateSigningKey",
        "addAppSecret",
        "announceSigningKey",
        "changeMemberRole",
        "changeProvider",
        "changeSettings",
        "changeStatus",
        "changeStorage",
        "deleteInvitation",
        "deleteSignup",
        "endAppSecret",
        "addClientSecret",
        "changeClient",
        "endAppToken",
        "endClientSecret",
        "exportLog",
        "keepAppToken",
        "passkeyDelete",
        "removeAsset",
        "removeMember",
        "renewAppToken",
        "resendInvitation",
        "resetPassword",
        "revokeMemberInvitation",
        "saveTemplate",
        "sendTest",
        "setUserMetadata",
        "suspendUser",
        "unlink",
        "withdrawDomain",
    ];

    [Fact]
    public async Task Every_change_names_the_developer_and_the_client()
    {
        var server = await servers.Unlimited();
        var tenant = await Tenant.Create(server);
        var owner = await (await PortalAccount.Create(server, "owner")).AddAsMember(tenant.App.Id, "owner");
        var browser = await owner.SignIn(from: Address);
        foreach (
            var route in MappedRoutes.All.Where(route =>
                route.Method == "GET" && PortalForms.IsOfTenant(route) && !EndsEverything(route.Pattern)
            )
        )
        {
            var path = PortalForms.Path(route, tenant.Ids);
            foreach (var form in await PortalForms.ReadForms(browser, path))
            {
                ((int)(await browser.Send(path, form)).Status).ShouldBeLessThan(500, path);
            }
        }

        var lines = await Lines(tenant.App, owner.Email);
        lines
            .Where(line => line.Code == 0)
            .Select(line => line.Action)
            .Distinct(StringComparer.Ordinal)
            .ShouldBe(Changes, ignoreOrder: true);
        lines.Where(line => line.Client != Address).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_change_of_a_user_is_a_line_that_names_the_user_and_the_developer()
    {
        const string una = "una@example.com";
        var app = await (await servers.Unlimited()).CreateApp("""metaData=[{"path":"note","fieldName":"note"}]""");
        var owner = await (await PortalAccount.Create(app.Server, "owner")).AddAsMember(app.Id, "owner");
        var browser = await owner.SignIn(from: Address);
        var id = (await app.CreateUserByCode(una)).Id();
        var users = $"/portal/applications/{app.Id}/users";
        await browser.Post($"{users}/new", "user", ("handle", "new@example.com"), ("password", App.Password), ("locale", "EN"));
        await browser.Post($"{users}/invitations/new", "invitation", ("handle", "invited@example.com"), ("locale", "EN"));
        await browser.Post($"{users}/{id}", "metadata", ("note", "x"));
        await browser.Post($"{users}/{id}", "sign-out", ("session", "all"));
        await browser.Post($"{users}/{id}", "suspend");
        await browser.Post($"{users}/{id}", "activate");
        await browser.Post($"{users}/{id}/password", "code");
        await browser.Post($"{users}/{id}/password", "set", ("password", AppFlows.NewPassword));

        var lines = await Lines(app, owner.Email);
        lines.ShouldAllBe(line => line.Client == Address && line.Code == 0);
        lines
            .Select(line => (line.Action, line.Handle))
            .Reverse()
            .ShouldBe([
                ("addUser", "new@example.com"),
                ("invite", "invited@example.com"),
                ("setUserMetadata", una),
                ("signOutUser", una),
                ("suspendUser", una),
                ("activateUser", una),
                ("resetPassword", una),
                ("resetPassword", una),
            ]);

        await browser.Post($"{users}/{id}/delete", "delete", ("handle", una));
        (await Lines(app, owner.Email)).Single(line => line.Action == "deleteUser").Handle.ShouldBe(id);
    }

    [Fact]
    public async Task A_file_of_the_log_tells_spreadsheets_that_it_is_UTF_8()
    {
        var app = await servers.Main.CreateApp();
        var browser = await (await (await PortalAccount.Create(servers.Main, "viewer")).AddAsMember(app.Id, "viewer")).SignIn();
        var job = (await browser.Post($"/portal/applications/{app.Id}/logs/export", "export")).Header("Location")!.Split('/')[^1];
        await WaitUntil.IsTrue(
            "the export is ready",
            async () => (await browser.Get($"/portal/applications/{app.Id}/logs/export/{job}")).Status == HttpStatusCode.OK
        );
        using var client = new HttpClient { BaseAddress = servers.Main.Address };
        client.DefaultRequestHeaders.Add("Cookie", $"{PortalClient.SessionCookie}={browser.Session}");
        foreach (var (file, header) in new[] { ("csv", "time,"), ("messages/csv", "time,"), ($"export/{job}", "time,") })
        {
            var bytes = await client.GetByteArrayAsync($"/portal/applications/{app.Id}/logs/{file}");
            Encoding.Latin1.GetString(bytes).ShouldStartWith($"\u00EF\u00BB\u00BF{header}", Case.Sensitive, file);
        }
    }

    [Fact]
    public async Task Who_takes_a_file_of_the_log_stands_in_it()
    {
        var app = await servers.Main.CreateApp();
        var viewer = await (await PortalAccount.Create(servers.Main, "viewer")).AddAsMember(app.Id, "viewer");
        var browser = await viewer.SignIn(from: Address);
        var job = (await browser.Post($"/portal/applications/{app.Id}/logs/export", "export")).Header("Location")!.Split('/')[^1];
        await WaitUntil.IsTrue(
            "the export is ready",
            async () => (await browser.Get($"/portal/applications/{app.Id}/logs/export/{job}")).Status == HttpStatusCode.OK
        );
        foreach (var file in new[] { "csv?action=login&handle=ANON_a-secret", "csv?code=x", "messages/csv?status=sent", "messages/csv" })
        {
            await browser.Get($"/portal/applications/{app.Id}/logs/{file}");
        }

        var lines = await Lines(app, viewer.Email);
        lines.ShouldAllBe(line => line.Action == AuditExport.Action && line.Client == Address && line.Code == 0);
        var ofTheLog = lines
            .Select(line => line.Detail)
            .Single(detail => detail.StartsWith("download of the log action=login&handle=ANON_", StringComparison.Ordinal));
        ofTheLog.ShouldNotContain("a-secret");
        lines
            .Select(line => line.Detail)
            .ShouldBe(
                ["", "download of an export", ofTheLog, "download of mails and SMS status=sent", "download of mails and SMS"],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task A_servers_change_names_its_address()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.WithAddress(Address).CreateUser("ada@example.com");
        (await app.WithAddress(Address).SendAsServer(HttpMethod.Post, "users/ada@example.com/suspend")).ShouldBeTrue();
        (await Lines(app, "server")).ShouldContain(line => line.Action == "suspendUser" && line.Client == Address);
    }

    [Fact]
    [Covers(705)]
    public async Task A_form_that_a_members_role_does_not_allow_is_one_line_a_minute_in_the_application_and_one_in_the_servers_log()
    {
        var app = await servers.Main.CreateApp();
        var viewer = await (await PortalAccount.Create(servers.Main, "viewer")).AddAsMember(app.Id, "viewer");
        var browser = await viewer.SignIn(from: Address);
        var path = $"/portal/applications/{app.Id}/keys/tokens";
        var token = await browser.Fields("/portal/account", "name");
        for (var i = 0; i < 3; i++)
        {
            (await browser.Send(path, token, ("_handler", "renew"), ("days", "0"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        var line = (await Lines(app, viewer.Email)).ShouldHaveSingleItem();
        (line.Action, line.Client, line.Code, line.Detail).ShouldBe((RejectedFormLog.Action, Address, 705, path));
        await Said($"A form for {path},", viewer.Id, Address, "not allowed");
    }

    [Theory]
    [InlineData("viewer", "delete")]
    [InlineData("viewer", "users/new")]
    [InlineData("editor", "keys/secrets")]
    public async Task So_is_one_of_a_page_that_the_member_does_not_see(string role, string page)
    {
        var app = await servers.Main.CreateApp();
        var member = await (await PortalAccount.Create(servers.Main, role)).AddAsMember(app.Id, role);
        var browser = await member.SignIn(from: Address);
        var path = $"/portal/applications/{app.Id}/{page}";
        (await browser.Send(path, await browser.Fields("/portal/account", "name"))).Status.ShouldBe(HttpStatusCode.NotFound);
        var line = (await Lines(app, member.Email)).ShouldHaveSingleItem();
        (line.Action, line.Client, line.Code, line.Detail).ShouldBe((RejectedFormLog.Action, Address, 705, path));
    }

    [Fact]
    public async Task An_outsider_who_names_a_new_application_each_time_is_one_line_a_minute()
    {
        const string from = "127.0.44.7";
        var account = await PortalAccount.Create(servers.Main, "outsider");
        var browser = await account.SignIn(from: from);
        var token = await browser.Fields("/portal/account", "name");
        var stranger = new PortalClient(servers.Main, from) { Origin = "https://evil.example" };
        for (var i = 0; i < 3; i++)
        {
            foreach (var page in new[] { "settings/general", "keys/tokens" })
            {
                (await stranger.Send($"/portal/applications/{Secrets.AppId()}/{page}", token)).Status.ShouldBe(HttpStatusCode.BadRequest);
                (await browser.Send($"/portal/applications/{Secrets.AppId()}/{page}", token)).Status.ShouldBe(HttpStatusCode.NotFound);
            }
        }

        await account.SignIn(from: from);
        await WaitUntil.IsTrue(
            "the log has what came after",
            () => Task.FromResult(Lines(from).Count(line => line.Contains("signed in", StringComparison.Ordinal)) == 2)
        );
        Lines(from).Count(line => line.Contains("another site", StringComparison.Ordinal)).ShouldBe(1);
        Lines(from).Count(line => line.Contains("not allowed", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_form_of_a_stranger_or_of_another_site_is_in_the_servers_log_alone()
    {
        var app = await servers.Main.CreateApp();
        var account = await PortalAccount.Create(servers.Main, "stranger");
        var browser = await account.SignIn(from: Address);
        var path = $"/portal/applications/{app.Id}/settings/general";
        var token = await browser.Fields("/portal/account", "name");
        (await browser.Send(path, token)).Status.ShouldBe(HttpStatusCode.NotFound);
        await Said($"A form for {path},", account.Id, Address, "not allowed");

        browser.Origin = "https://evil.example";
        (await browser.Send(path, token)).Status.ShouldBe(HttpStatusCode.BadRequest);
        await Said($"A form for {path},", "another site", Address);
        browser.Origin = null;

        (await browser.Send("/portal/account", new Dictionary<string, string>(StringComparer.Ordinal))).Status.ShouldBe(
            HttpStatusCode.BadRequest
        );
        await Said("A form for /portal/account,", "without a token", account.Id);
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = @Action",
                new { app.Id, RejectedFormLog.Action }
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task Who_left_an_application_does_not_see_its_jobs_any_more()
    {
        var app = await servers.Main.CreateApp();
        var viewer = await (await PortalAccount.Create(servers.Main, "leaver")).AddAsMember(app.Id, "viewer");
        var browser = await viewer.SignIn();
        var job = (await browser.Post($"/portal/applications/{app.Id}/logs/export", "export")).Header("Location")!;
        (await browser.Get(job)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Installation.Run("app", "member", "remove", app.Id, "--email", viewer.Email)).ShouldSucceed();
        (await browser.Get(job)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Every_owner_sees_what_goes_on_in_the_application_and_a_stranger_does_not()
    {
        var app = await servers.Main.CreateApp();
        var job = (await (await Member("viewer")).Post($"/portal/applications/{app.Id}/logs/export", "export")).Header("Location")!;
        (await (await Member("owner")).Get(job)).Status.ShouldBe(HttpStatusCode.OK);
        (await (await Member("editor")).Get(job)).Status.ShouldBe(HttpStatusCode.NotFound);
        app = await servers.Main.CreateApp();
        (await (await Member("owner")).Get(job)).Status.ShouldBe(HttpStatusCode.NotFound);

        async Task<PortalClient> Member(string role) =>
            await (await (await PortalAccount.Create(servers.Main, role)).AddAsMember(app.Id, role)).SignIn();
    }

    [Fact]
    public async Task Signing_in_is_in_the_servers_log_and_what_is_no_address_is_not()
    {
        var account = await PortalAccount.Create(servers.Main, "ada");
        await account.SignIn(from: Address);
        await Said($"signed in, account {account.Id}, from {Address}");
        await new PortalClient(servers.Main, "127.0.44.2").SignIn(account.Email, "a password in the wrong place");
        await Said($"wrong password, account {account.Id}, from 127.0.44.2");
        await new PortalClient(servers.Main, "127.0.44.3").SignIn("a password as the address", "x");
        await Said("wrong password, account unknown, from 127.0.44.3");
        servers.Main.Log.ShouldNotContain(line => line.Contains("a password as the address", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_done_with_the_installation_and_its_accounts_is_in_the_servers_log_with_the_address()
    {
        const string from = "127.0.44.8";
        var (ada, friend) = (await PortalAccount.Create(servers.Main, "ada", isOperator: true), PortalAccount.UniqueEmail("friend"));
        var browser = await ada.SignIn(from: from);
        await browser.Post("/portal/operator/joining", "mode", ("mode", "invitation"));
        await Said("Portal: sign-up set to invitation,", $"by {ada.Email}, from {from}");
        await browser.Post("/portal/operator/limits", "commercial", [.. TypeLimits.Names.Select(name => ($"commercial-{name}", "0"))]);
        await Said("Portal: limits of commercial applications set to maxUsers=0,", $"by {ada.Email}, from {from}");

        await browser.Post("/portal/operator/joining", "invite", ("email", friend));
        await Said($"Portal: {friend} invited, by {ada.Email}, from {from}");
        var id = await servers.Main.Installation.Query<string>(
            "SELECT id FROM developer_invitations WHERE email = @friend",
            new { friend }
        );
        await browser.Post("/portal/operator/joining", "revoke", ("revoke", id));
        await Said($"Portal: invitation of {friend} revoked, by {ada.Email}, from {from}");

        await PortalAccount.ResetMailLimits(servers.Main, friend);
        await browser.Post("/portal/operator/joining", "invite", ("email", friend));
        await new PortalClient(servers.Main, from).Post(
            await PortalAccount.LastLinkTo(servers.Main, friend),
            "account",
            ("name", "Friend"),
            ("password", PortalAccount.Password)
        );
        var made = await servers.Main.Installation.Query<string>("SELECT id FROM developers WHERE email = @friend", new { friend });
        await Said($"Portal: account {made}: made (developer), by invitation, from {from}");
        await browser.Post($"/portal/operator/developers/{made}", "suspend");
        await Said($"Portal: account {made}: suspended, by {ada.Email}, from {from}");
    }

    [Fact]
    public async Task What_somebody_changes_about_their_own_account_is_in_the_servers_log_and_no_secret_is()
    {
        const string from = "127.0.44.9";
        const string page = "/portal/account";
        const string next = "a password that no log has";
        var account = await PortalAccount.Create(servers.Main, "own");
        var (browser, address) = (await account.SignIn(from: from), PortalAccount.UniqueEmail("new"));
        await browser.Post(page, "name", ("name", "Renamed"));
        await browser.Post($"{page}/email", "email", ("email", address));
        await browser.Post(await PortalAccount.LastLinkTo(servers.Main, address), "confirm");
        await account.EnableSecondFactor(browser);
        await browser.Post($"{page}/recovery-codes", "renew");
        await browser.Post($"{page}/authenticator", "off");
        await browser.Post($"{page}/password", "password", ("password", next));
        foreach (
            var what in new[]
            {
                "name changed",
                "link to a new address asked for",
                "address changed",
                "authenticator app switched on",
                "recovery codes renewed",
                "authenticator app switched off",
                "password changed",
            }
        )
        {
            await Said($"Portal: {what}, account {account.Id}, from {from}");
        }

        await PortalAccount.ResetMailLimits(servers.Main, address);
        await new PortalClient(servers.Main, from).Post("/portal/forgot", "forgot", ("email", address));
        await new PortalClient(servers.Main, from).Post(
            await PortalAccount.LastLinkTo(servers.Main, address),
            "reset",
            ("password", $"{next} either")
        );
        await Said($"Portal: password reset by a mailed link, account {account.Id}, from {from}");
        servers.Main.Log.ShouldNotContain(line => line.Contains(next, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_deletion_of_an_application_is_in_the_servers_log_with_the_address()
    {
        var app = await servers.Main.CreateApp();
        var owner = await (await PortalAccount.Create(servers.Main, "owner")).AddAsMember(app.Id, "owner");
        (
            await (await owner.SignIn(from: Address)).Post($"/portal/applications/{app.Id}/delete", "erase", ("name", "Demo"))
        ).Status.ShouldBe(HttpStatusCode.SeeOther);
        await Said($"Application {app.Id} is deleted by {owner.Email}, from {Address}");
    }

    private static bool EndsEverything(string pattern) =>
        pattern.EndsWith("/delete", StringComparison.Ordinal)
        || pattern.EndsWith("/reset", StringComparison.Ordinal)
        || pattern.EndsWith("/leave", StringComparison.Ordinal)
        || pattern.EndsWith("/realm", StringComparison.Ordinal)
        || pattern.Contains("/operator/", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<LogLine>> Lines(App app, string actor) =>
        [
            .. (await (await app.Installation.Get<AuditLog>()).Page(app.Id, new LogFilter(), LogCursor.Start, 500)).Lines.Where(line =>
                line.Actor == actor
            ),
        ];

    /// <summary>The lines of the server's log that name an address.</summary>
    private IEnumerable<string> Lines(string address) => servers.Main.Log.Where(line => line.Contains(address, StringComparison.Ordinal));

    /// <summary>Waits for a line of the server's log that has all of these words.</summary>
    private Task Said(params string[] words) =>
        WaitUntil.IsTrue(
            $"the log says {string.Join(", ", words)}",
            () => Task.FromResult(servers.Main.Log.Any(line => words.All(word => line.Contains(word, StringComparison.Ordinal))))
        );
}
