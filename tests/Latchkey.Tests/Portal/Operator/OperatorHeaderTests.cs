using System.Net;

namespace Latchkey.Tests.Portal.Operator;

/// <summary>How operators come to their pages: the number in the header, and where a sign-in leads.</summary>
public sealed class OperatorHeaderTests(ServerFixture servers)
{
    private const string Overview = "/portal/operator";

    [Fact]
    public async Task The_header_of_every_page_counts_what_waits_and_an_answer_counts_at_once()
    {
        var server = await servers.Start("--limits", "off");
        var app = await server.CreateApp();
        using var ada = await PortalVisitor.Operator(server);
        (await Link(ada, "/portal")).ShouldBe("Installation");
        await app.Installation.Execute("UPDATE applications SET status = 'blocked' WHERE id = @Id", new { app.Id });
        await app.Installation.Execute(
            "INSERT INTO petitions (id, app_id, petitioner, against, reason, words, state, answer, answered_by, created_at) "
                + "VALUES ('p', @Id, 'dev@example.com', 'blocked', '', 'please', 'open', '', '', 1)",
            new { app.Id }
        );
        foreach (var page in new[] { "/portal", "/portal/account", $"/portal/applications/{app.Id}", Overview })
        {
            (await Link(ada, page)).ShouldBe("Installation, 1 waiting");
        }

        using var owner = await PortalVisitor.Member(app, "owner");
        (await owner.Get("/portal")).Document.QuerySelectorAll("header nav a[href$='/operator']").ShouldBeEmpty();
        (await ada.Submit($"{Overview}/applications/{app.Id}/petitions/p", "answer", ("decision", "grant"), ("words", ""))).Status.ShouldBe(
            HttpStatusCode.SeeOther
        );
        (await Link(ada, "/portal")).ShouldBe("Installation");
    }

    [Fact]
    public async Task An_operator_of_no_application_lands_on_the_overview_and_others_where_they_work()
    {
        var app = await servers.Main.CreateApp();
        var (ada, eve) = (
            await PortalAccount.Create(servers.Main, "ada", isOperator: true),
            await PortalAccount.Create(servers.Main, "eve")
        );
        (await Landing(ada, "")).ShouldBe(Overview);
        (await Landing(ada, "?returnUrl=%2Fportal")).ShouldBe(Overview);
        (await Landing(ada, "?returnUrl=%2Fportal%2Faccount")).ShouldBe("/portal/account");
        (await Landing(ada, "?returnUrl=https%3A%2F%2Fevil.example")).ShouldBe(Overview);
        (await Landing(eve, "")).ShouldBe("/portal");
        await ada.AddAsMember(app.Id, "viewer");
        (await Landing(ada, "")).ShouldBe("/portal");
    }

    [Fact]
    public async Task So_does_an_operator_who_signs_in_by_a_second_factor()
    {
        var account = await PortalAccount.Create(servers.Main, "two", isOperator: true);
        var (app, _) = await account.EnableSecondFactor(await account.SignIn());
        var browser = new PortalClient(servers.Main, Clients.Address(50, 2));
        await browser.SignIn(account.Email, PortalAccount.Password);
        (await browser.Post("/portal/sign-in/code", "code", ("code", app.Code(1)))).Header("Location").ShouldBe(Overview);
    }

    private async Task<string> Landing(PortalAccount account, string query) =>
        (
            await new PortalClient(servers.Main, Clients.Address(50, 1)).SignIn(
                account.Email,
                PortalAccount.Password,
                $"/portal/sign-in{query}"
            )
        ).Header("Location")!;

    /// <summary>The name of the header's link.</summary>
    private static async Task<string> Link(PortalVisitor visitor, string page)
    {
        var link = (await visitor.Get(page)).Document.QuerySelector("header nav a[href$='/portal/operator']")!;
        return link.GetAttribute("aria-label") ?? link.TextContent.Trim();
    }
}
