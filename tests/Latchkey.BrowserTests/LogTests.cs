using System.Net;
using System.Text.RegularExpressions;

namespace Latchkey.BrowserTests;

public sealed class LogTests(BrowserFixture installation)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task the_log_is_filtered_paged_and_downloaded(bool scripts)
    {
        var page = await installation.SignedIn(scripts);
        var app = await page.CreateApplication("Logged");
        await page.GotoAsync($"{app.Path}/logs");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync("createApplication");

        await page.SignUpUser(installation, app, "grace@example.com");
        await installation.Api(app.AppToken, "login", new { handle = "grace@example.com", password = "not-the-password-1" });
        await page.GotoAsync($"{app.Path}/logs");
        await page.GetByLabel("Result").SelectOptionAsync("refused");
        await page.Apply("Filter", scripts, "result=refused");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync("600 invalid login credentials");
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync("127.0.0.1");
        await page.GetByLabel("Code").SelectOptionAsync("600");
        await page.GetByLabel("Action").SelectOptionAsync("login");
        await page.GetByLabel("Handle").FillAsync("GRACE@example.com");
        await page.Apply("Filter", scripts, "handle=GRACE%40example.com");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);

        var download = await page.RunAndWaitForDownloadAsync(() =>
            page.GetByRole(AriaRole.Link, new() { Name = "Download as CSV" }).ClickAsync()
        );
        var lines = await File.ReadAllLinesAsync((await download.PathAsync())!);
        lines.Length.ShouldBe(2);
        lines[1].ShouldContain(",login,grace@example.com,user,refused,600,invalid login credentials,");

        await page.GetByLabel("From").FillAsync("2020-01-02");
        await page.GetByLabel("To").FillAsync("2020-01-01");
        await page.Apply("Filter", scripts, "to=2020-01-01");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The first day is after the last day.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Show all" }).ClickAsync();
        (await page.Locator("tbody tr").CountAsync()).ShouldBeGreaterThan(2);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task times_are_in_the_readers_zone_which_is_named_with_utc_in_the_tooltip()
    {
        var page = await installation.SignedIn(zone: "Asia/Tokyo");
        var app = await page.CreateApplication("Zoned");
        await page.GotoAsync($"{app.Path}/logs");
        var time = page.Locator("tbody time").First;
        await Assertions.Expect(time).ToHaveTextAsync(new Regex(@"\d\d:\d\d:\d\d$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(time).ToHaveAttributeAsync("title", new Regex(@" UTC$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(page.GetByText("Times are in Asia/Tokyo.")).ToBeVisibleAsync();
        await page.GotoAsync($"{app.Path}/settings/tokens");
        await Assertions.Expect(page.GetByText("Times are in")).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_long_log_has_pages()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Long log");
        for (var i = 0; i < 55; i++)
        {
            // of one function and network no more than thirty refusals a minute are written down
            await installation.Api(
                app.AppToken,
                i % 2 == 0 ? "completeSignup" : "resetPassword",
                new
                {
                    handle = $"nobody{i}@example.com",
                    code = "123456",
                    password = "a long enough password",
                }
            );
        }

        await page.GotoAsync($"{app.Path}/logs?result=refused");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(50);
        await page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(5);
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync("nobody0@example.com");
        await page.GetByRole(AriaRole.Link, new() { Name = "Newest" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(50);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task the_delivery_log_says_what_became_of_messages_and_not_what_they_say(bool scripts)
    {
        var page = await installation.SignedIn(scripts);
        var app = await page.CreateApplication("Delivered");
        await page.GotoAsync($"{app.Path}/logs");
        await page.GetByRole(AriaRole.Link, new() { Name = "Mails and SMS" }).ClickAsync();
        await Assertions.Expect(page.GetByText("No message yet")).ToBeVisibleAsync();

        await page.SignUpUser(installation, app, "mary@example.com");
        await page.GotoAsync($"{app.Path}/mailbox?search=mary@example.com");
        var code = (await page.Locator(".mails .code").First.TextContentAsync())!;
        await page.GotoAsync($"{app.Path}/logs/messages");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        (await page.ContentAsync()).ShouldNotContain(code);
        await page.GetByLabel("Status").SelectOptionAsync("mailbox");
        await page.GetByLabel("Channel").SelectOptionAsync("email");
        await page.GetByLabel("Kind").SelectOptionAsync("signUp");
        await page.GetByLabel("Recipient").FillAsync("mary@example.com");
        await page.Apply("Filter", scripts, "recipient=mary%40example.com");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync("in the mailbox");
        var download = await page.RunAndWaitForDownloadAsync(() =>
            page.GetByRole(AriaRole.Link, new() { Name = "Download as CSV" }).ClickAsync()
        );
        var csv = await File.ReadAllTextAsync((await download.PathAsync())!);
        csv.ShouldContain(",email,mary@example.com,signUp,in the mailbox,0,,");
        csv.ShouldNotContain(code);
        await page.GetByLabel("Recipient").FillAsync("nobody@example.com");
        await page.Apply("Filter", scripts, "recipient=nobody%40example.com");
        await Assertions.Expect(page.GetByText("Nothing found")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_large_log_is_exported_in_the_background_and_downloaded_from_its_page(bool scripts)
    {
        var page = await installation.SignedIn(scripts);
        var app = await page.CreateApplication("Exported");
        await page.GotoAsync($"{app.Path}/logs?action=createApplication");
        await page.GetByRole(AriaRole.Link, new() { Name = "Export a large log in the background" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the export" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Go to the download" }).ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() =>
            page.GetByRole(AriaRole.Link, new() { Name = "Download as CSV" }).ClickAsync()
        );
        (await File.ReadAllLinesAsync((await download.PathAsync())!)).Length.ShouldBe(2);

        var file = (await page.GetByRole(AriaRole.Link, new() { Name = "Download as CSV" }).GetAttributeAsync("href"))!;
        var other = await page.CreateApplication("Not exported");
        using var response = await installation.Get(file.Replace(app.Id, other.Id, StringComparison.Ordinal));
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("logs/csv?from=soon")]
    [InlineData("logs/messages/csv?status=lost")]
    public async Task a_file_of_a_filter_that_means_nothing_is_refused(string path)
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Refused");
        using var response = await installation.Get($"{app.Path}/{path}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await page.Context.CloseAsync();
    }
}
