using System.Text.RegularExpressions;

namespace Latchkey.Tests.Portal;

/// <summary>Times where people compare them with other logs: to the second, with their zone.</summary>
public sealed partial class TimestampTests(ServerFixture servers)
{
    [Fact]
    public async Task Logs_histories_mails_and_sessions_show_seconds_and_the_zone()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser("ann@example.com");
        var user = await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { app.Id });
        (await app.ForgotPassword("ann@example.com")).ShouldBeTrue();
        using var owner = await PortalVisitor.Member(app, "owner");
        var pages = $"/portal/applications/{app.Id}";
        foreach (
            var page in new[]
            {
                $"{pages}/logs",
                $"{pages}/logs/messages",
                $"{pages}/history",
                $"{pages}/mailbox",
                $"{pages}/users/{user}",
                "/portal/account",
            }
        )
        {
            var times = (await owner.Get(page)).Document.QuerySelectorAll("main time").Select(time => time.TextContent).ToList();
            times.ShouldNotBeEmpty(page);
            times.ShouldAllBe(time => Exact().IsMatch(time));
        }

        (await owner.Get($"{pages}/logs")).Text("label[for=from]").ShouldBe("From (UTC)");
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$", RegexOptions.None, 1000)]
    private static partial Regex Exact();
}
