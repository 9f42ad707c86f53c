using System.Net;

namespace Latchkey.Tests.Portal.Users;

/// <summary>A handle in a list of the portal leads to its user.</summary>
public sealed class HandleLinkTests(ServerFixture servers)
{
    private const string Ann = "ann+news@example.com";

    [Fact]
    public async Task Handles_in_logs_mails_signups_and_invitations_lead_to_the_user()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=code", "invitationEnabled=1");
        await app.CreateUserByCode(Ann);
        (await app.InviteByServer("bob@example.com")).ShouldBeTrue();
        await app.WaitForDeferredWork();
        var (path, user) = ($"/portal/applications/{app.Id}", await UserPath(app));
        using var ada = await PortalVisitor.Operator(app.Server, $"ada-{app.Id[..8]}@operators.example");
        foreach (var list in new[] { "logs", "logs/messages", "mailbox", "users/signups" })
        {
            var shown = await ada.Get($"{path}/{list}");
            var link = shown
                .Document.QuerySelectorAll("main a[href*='/users/by-handle?']")
                .Select(one => one.GetAttribute("href")!)
                .First(one => one.Contains("ann", StringComparison.Ordinal));
            var found = await ada.Get(link);
            found.Status.ShouldBe(HttpStatusCode.SeeOther, list);
            found.Location.ShouldEndWith(user, customMessage: list);
        }

        var mail = (await ada.Get($"{path}/mailbox?search={Uri.EscapeDataString(Ann)}")).Document.QuerySelector(".mails a")!;
        (await ada.Get(mail.GetAttribute("href")!)).Document.QuerySelector(".mail a[href*='by-handle']").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("ANN+News@Example.com")]
    [InlineData(" ann+news@example.com ")]
    [InlineData("annie_of_kiel")]
    [InlineData("+14155550123")]
    public async Task A_user_is_found_by_handle_user_name_and_phone_number(string handle)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=code");
        await app.CreateUserByCode(Ann);
        await app.Installation.Execute(
            "UPDATE users SET user_name = 'annie_of_kiel', phone = '+14155550123' WHERE app_id = @Id",
            new { app.Id }
        );
        using var ada = await PortalVisitor.Operator(app.Server, $"ada-{app.Id[..8]}@operators.example");
        var found = await ada.Get($"/portal/applications/{app.Id}/users/by-handle?handle={Uri.EscapeDataString(handle)}");
        found.Status.ShouldBe(HttpStatusCode.SeeOther);
        found.Location.ShouldEndWith(await UserPath(app));
    }

    [Fact]
    public async Task A_handle_without_a_user_says_so_and_leads_to_its_log()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=code");
        var other = await app.Server.CreateApp("signupFlow=code");
        await other.CreateUserByCode(Ann); // a user of another application is nobody here
        using var ada = await PortalVisitor.Operator(app.Server, $"ada-{app.Id[..8]}@operators.example");
        foreach (var handle in new[] { Ann, "", "<b>\u0000" })
        {
            var shown = await ada.Get($"/portal/applications/{app.Id}/users/by-handle?handle={Uri.EscapeDataString(handle)}");
            shown.Status.ShouldBe(HttpStatusCode.OK);
            shown.Text("main").ShouldContain("No user has this handle now");
        }

        var page = await ada.Get($"/portal/applications/{app.Id}/users/by-handle?handle={Uri.EscapeDataString(Ann)}");
        var log = page.Document.QuerySelector(".empty a[href*='/logs?']")!.GetAttribute("href")!;
        (await ada.Get(log)).Document.QuerySelector("#handle")!.GetAttribute("value").ShouldBe(Ann);
    }

    [Fact]
    public async Task A_handle_with_quotation_marks_can_be_searched_for()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var page = await viewer.Get($"/portal/applications/{app.Id}/users/by-handle?handle={Uri.EscapeDataString("a\"b")}");
        var found = await viewer.Get(page.Document.QuerySelector(".empty a[href*='/users?q=']")!.GetAttribute("href")!);
        found.Text("main").ShouldContain("No user matches");
        found.Document.QuerySelector("input[name=q]")!.GetAttribute("value").ShouldBe("\"a\"\"b\"");
    }

    private static async Task<string> UserPath(App app) =>
        $"/users/{await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { app.Id })}";
}
