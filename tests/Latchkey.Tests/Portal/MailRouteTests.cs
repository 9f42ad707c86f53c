using Latchkey.Messages.Providers;

namespace Latchkey.Tests.Portal;

/// <summary>The portal says when the mails of an application reach nobody, and only then.</summary>
public sealed class MailRouteTests(ServerFixture servers)
{
    private const string Banner = ".mailroute";

    [Fact]
    public async Task Without_a_provider_lists_and_pages_say_that_mails_stay_in_the_mailbox()
    {
        var app = await App.Create(await servers.Unlimited(), [], "Paddle Club");
        using var ada = await PortalVisitor.Operator(app.Server, $"ada-{app.Id[..8]}@operators.example");
        foreach (var page in new[] { "", "/mailbox", "/logs/messages" })
        {
            var shown = await ada.Get($"/portal/applications/{app.Id}{page}");
            shown.Text(Banner).ShouldContain("Mails of this application reach nobody", customMessage: page);
            shown.Document.QuerySelector($"{Banner} a[href*='/mailbox']").ShouldNotBeNull();
        }

        (await ada.Get($"/portal?search={app.Id}")).Text(Banner).ShouldContain("Paddle Club");
    }

    [Fact]
    public async Task A_viewer_reads_it_without_what_only_others_can_do()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var shown = await viewer.Get($"/portal/applications/{app.Id}");
        shown.Text(Banner).ShouldContain("reach nobody");
        shown.Document.QuerySelectorAll($"{Banner} a").ShouldBeEmpty();
        (await viewer.Get("/portal")).Text(Banner).ShouldNotContain("Open an application to give it");
    }

    [Fact]
    public async Task With_a_provider_nothing_is_said_until_it_takes_none_of_the_last_mails()
    {
        var app = await (await servers.Start("--limits", "off")).CreateApp(); // its messages have no body
        await app.Set("mailProvider=smtp", "emailExtension=1", "smtpHost=smtp.example.com", "mailFrom=demo@sender.example");
        var routes = await app.Installation.Get<MailRoutes>();
        (await routes.Find(app.Id)).ShouldBeEmpty();
        foreach (var (status, attempts, isFailing) in Outcomes)
        {
            await Insert(app, status, attempts);
            (await routes.Find(app.Id)).ContainsKey(app.Id).ShouldBe(isFailing, $"after {status}, {attempts}");
        }

        using var ada = await PortalVisitor.Operator(app.Server, $"ada-{app.Id[..8]}@operators.example");
        await Insert(app, "failed", 3);
        var shown = await ada.Get($"/portal/applications/{app.Id}");
        shown.Document.QuerySelectorAll(Banner).ShouldBeEmpty(); // one was accepted
        await app.Installation.Execute("DELETE FROM messages WHERE app_id = @Id AND status = 'sent'", new { app.Id });
        shown = await ada.Get($"/portal/applications/{app.Id}");
        shown.Text(Banner).ShouldContain("took none of the last mails");
        shown.Text(Banner).ShouldContain("550 no such sender");
    }

    /// <summary>The mails in their order, and whether the provider is failing after each.</summary>
    private static readonly (string Status, int Attempts, bool IsFailing)[] Outcomes =
    [
        ("mailbox", 0, false),
        ("failed", 5, false),
        ("pending", 0, false),
        ("pending", 2, false),
        ("failed", 5, true),
        ("sent", 1, false),
    ];

    private static int number;

    private static Task Insert(App app, string status, int attempts) =>
        app.Installation.Execute(
            "INSERT INTO messages (app_id, id, channel, recipient, kind, status, attempts, answer, created_at) "
                + "VALUES (@appId, @id, 'email', 'ann@example.com', 'signUp', @status, @attempts, @answer, @at)",
            new
            {
                appId = app.Id,
                id = $"m{Interlocked.Increment(ref number)}",
                status,
                attempts,
                answer = attempts > 0 ? "550 no such sender" : null,
                at = (long)number,
            }
        );
}
