using System.Diagnostics;
using Latchkey.Tests.Harness;

namespace Latchkey.BrowserTests;

/// <summary>
/// The README's way from a fresh data folder to signed in from a React page. scripts/stop-watch runs it with npm install, and prints its
/// times; a test of times would only fail on slow machines.
/// </summary>
public sealed class NewcomerTests(BrowserFixture installation)
{
    private const string Ann = "ann@example.com";
    private const string Password = "quiet green rivers";

    /// <summary>The file that the times go to; null in the suite, where libraries are there already.</summary>
    private static readonly string? Times = Environment.GetEnvironmentVariable("LATCHKEY_TEST_STOP_WATCH");

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private TimeSpan last;

    [Fact]
    public async Task from_serve_to_signed_in_from_a_React_page()
    {
        await using var server = await LatchkeyServer.Start();
        Note("./latchkey serve");
        var page = await installation.Anonymous(url: server.Url);
        await page.SetUp(server);
        Note("the set-up link");
        var app = await page.CreateApplication("Harbour Walks");
        Note("an application");
        var origin = new Uri($"http://localhost:{(Times is null ? FreePort.Find() : 5173)}");
        await AddClient(page, app, origin);
        Note("a client");
        var client = new Uri(page.Url).AbsolutePath;
        await AddUser(page, app);
        Note("a user");
        var (install, files, run) = await ReadCode(page, client);
        Note("the code");
        if (Times is not null)
        {
            await Shell.Run($"cd $(mktemp -d) && {install}"); // the same again follows with the libraries of the tests
            Note("npm install");
        }

        await using var react = await QuickStartApp.Start("react", files, run, origin);
        await page.GotoAsync(origin.AbsoluteUri);
        Note("the React page");
        await page.GetByText("Sign in", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("E-mail address").FillAsync(Ann);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText($"Hello {Ann}")).ToBeVisibleAsync();
        Note("signed in");
        page.Url.ShouldBe(origin.AbsoluteUri);
        await page.Context.CloseAsync();
        if (Times is not null)
        {
            await File.AppendAllTextAsync(Times, $"{watch.Elapsed.TotalSeconds, 7:0.0} s in all\n");
        }
    }

    private static async Task AddClient(IPage page, CreatedApplication app, Uri origin)
    {
        await page.GotoAsync(app.Path);
        await page.GetByRole(AriaRole.Link, new() { Name = "Clients", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a client" }).First.ClickAsync();
        await page.GetByLabel("Name").FillAsync("My app");
        await page.GetByLabel("Single-page app").CheckAsync();
        await page.GetByLabel("Addresses after signing in").FillAsync(origin.AbsoluteUri);
        await page.GetByLabel("Your own client").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the client" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Code for this client" })).ToBeVisibleAsync();
    }

    private static async Task AddUser(IPage page, CreatedApplication app)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "JWT Users", Exact = true }).ClickAsync();
        await page.GotoAsync($"{app.Path}/users/new");
        await page.GetByLabel("Handle").FillAsync(Ann);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = Ann })).ToBeVisibleAsync();
    }

    private static async Task<(string Install, IReadOnlyList<(string Path, string Text)> Files, string Run)> ReadCode(
        IPage page,
        string client
    )
    {
        await page.GotoAsync(client);
        await page.GetByRole(AriaRole.Link, new() { Name = "Code for this client" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Quick start: React" })).ToBeVisibleAsync();
        var (files, run) = await QuickStartApp.Read(page);
        return ((await page.Locator("#copy-install").TextContentAsync())!, files, run);
    }

    /// <summary>Notes how long a step took.</summary>
    private void Note(string step)
    {
        if (Times is not null)
        {
            File.AppendAllText(Times, $"{(watch.Elapsed - last).TotalSeconds, 7:0.0} s {step}\n");
        }

        last = watch.Elapsed;
    }
}
