using System.Text.RegularExpressions;

namespace Latchkey.BrowserTests.Harness;

/// <summary>An application as the page after creating it shows it.</summary>
public sealed record CreatedApplication(string Id, string AppToken, string AppSecret, string SettingsRequest, string SignupRequest)
{
    public string Path => $"/portal/applications/{Id}";
}

/// <summary>What a person does in the portal.</summary>
public static class PortalSteps
{
    public static async Task SetUp(this IPage page, LatchkeyServer server)
    {
        await page.GotoAsync(server.Url + server.SetupPath);
        await page.GetByLabel("Your name").FillAsync("Ada Lovelace");
        await page.GetByLabel("E-mail address").FillAsync(BrowserFixture.Email);
        await page.GetByLabel("Password").FillAsync(BrowserFixture.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the account" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();
    }

    public static async Task SignIn(this IPage page, string path = "/portal", string password = BrowserFixture.Password)
    {
        await page.GotoAsync(path);
        await page.GetByLabel("E-mail address").FillAsync(BrowserFixture.Email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    public static async Task SignInAs(this IPage page, string email, string password = BrowserFixture.Password)
    {
        await page.GotoAsync("/portal/sign-in");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>A developer with the usual password; the address is new.</summary>
    public static async Task<string> CreateDeveloper(this LatchkeyServer server, string name, params string[] more)
    {
        var email = $"d{Guid.CreateVersion7():N}@example.com";
        await server.Command(
            BrowserFixture.Password,
            ["developer", "create", "--email", email, "--name", name, "--password-stdin", .. more]
        );
        return email;
    }

    /// <summary>Sets when the developer signed in or confirmed, in every browser.</summary>
    public static Task SetProofOf(this LatchkeyServer server, string email, DateTimeOffset at)
    {
        const string sql = "UPDATE portal_sessions SET proved_at = ? WHERE developer_id = (SELECT id FROM developers WHERE email = ?)";
        return Shell.Run(
            $"""
            python3 -c 'import sqlite3
            db = sqlite3.connect("{server.DataFolder}/latchkey.db", timeout=10)
            db.execute("{sql}", ({at.ToUnixTimeMilliseconds()}, "{email}"))
            db.commit()'
            """
        );
    }

    /// <summary>Path and query of the link in the newest mail to an address, as the operator's mailbox shows it.</summary>
    public static async Task<string> MailedLink(this BrowserFixture installation, string email)
    {
        var page = await installation.SignedIn();
        await page.GotoAsync($"/portal/operator/mailbox?search={Uri.EscapeDataString(email)}");
        await page.Locator(".mails a").First.ClickAsync();
        var link = new Uri((await page.TextContentAsync("#copy-link"))!);
        await page.Context.CloseAsync();
        return link.PathAndQuery;
    }

    public static async Task<CreatedApplication> CreateApplication(this IPage page, string name)
    {
        await page.GotoAsync("/portal/applications/new");
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create application" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your first request" })).ToBeVisibleAsync();
        return new CreatedApplication(
            await page.TextContentAsync("#copy-app-id") ?? "",
            await page.TextContentAsync("#copy-app-token") ?? "",
            await page.TextContentAsync("#copy-app-secret") ?? "",
            await page.TextContentAsync("#copy-first-request") ?? "",
            await page.TextContentAsync("#copy-signup-request") ?? ""
        );
    }

    /// <summary>
    /// A list's form as it stands now: sent by its script, or without scripts by its button; the address holds what was asked for.
    /// </summary>
    public static async Task Apply(this IPage page, string button, bool scripts, string expected)
    {
        if (!scripts)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        }

        await Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(expected), RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    /// <summary>Saves the settings page that is open, which then names what was changed.</summary>
    public static async Task SaveSettings(this IPage page, string changed)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync($"Saved: {changed}");
    }

    public static async Task AddField(this IPage page, CreatedApplication app, string path)
    {
        await page.GotoAsync($"{app.Path}/settings/metadata/fields/metaData");
        await page.GetByLabel("Path").FillAsync(path);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add field" }).ClickAsync();
    }

    /// <summary>Signs someone up through the API, with the code that the mailbox shows.</summary>
    public static async Task SignUpUser(
        this IPage page,
        BrowserFixture installation,
        CreatedApplication app,
        string handle,
        string? metaData = null
    )
    {
        await installation.Api(
            app.AppToken,
            "signup",
            new
            {
                handle,
                password = "a-password-of-mine-1",
                metaData,
            }
        );
        await page.GotoAsync($"{app.Path}/mailbox?search={Uri.EscapeDataString(handle)}");
        var code = await page.Locator(".mails .code").First.TextContentAsync();
        (await installation.Api(app.AppToken, "completeSignup", new { handle, code })).ShouldContain("access-token");
    }
}
