using System.Net;

namespace Latchkey.BrowserTests;

/// <summary>Who only looks after an application sees its texts, and can neither change nor send them.</summary>
public sealed class TemplateRoleTests(BrowserFixture installation)
{
    private const string Password = "violet harbour lamp";

    [Fact]
    public async Task a_viewer_sees_templates_and_locales_and_changes_and_sends_nothing()
    {
        var (page, app) = await Viewer();
        await page.GotoAsync($"{app.Path}/templates");
        await page.GetByRole(AriaRole.Link, new() { Name = "Signup code" }).ClickAsync();
        await Assertions.Expect(page.Locator("#copy-stored-html")).ToContainTextAsync("<!doctype html>");
        await Assertions.Expect(page.FrameLocator("iframe").Locator("h1")).ToHaveTextAsync("Confirm your e-mail address");
        await Assertions
            .Expect(page.Locator("main form:not([method=get]), main textarea, main button:not(.copy, [form])"))
            .ToHaveCountAsync(0);
        await page.GotoAsync($"{app.Path}/locales");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("main form, main a:text('Remove')")).ToHaveCountAsync(0);

        var cookie = await CookieOf(page);
        foreach (
            var (path, handler, fields) in new (string, string, (string, string)[])[]
            {
                (
                    $"{app.Path}/templates/EN/signUp",
                    "template",
                    [("do", "save"), ("subject", "Mine"), ("html", "%CODE%"), ("basedOn", "0")]
                ),
                (
                    $"{app.Path}/templates/EN/signUp",
                    "template",
                    [("do", "test"), ("subject", "Mine"), ("html", "%CODE%"), ("to", "eve@example.com")]
                ),
                ($"{app.Path}/templates/EN/signUp", "reset", [("basedOn", "0")]),
                ($"{app.Path}/templates/EN/signUp/preview", "template", [("html", "%CODE%")]),
                ($"{app.Path}/locales", "add", [("language", "FR")]),
                ($"{app.Path}/locales/DE/remove", "remove", []),
            }
        )
        {
            var form = (await PortalForm.On(installation, app.Path, cookie))[0] with { Action = path };
            using var response = await fields
                .Aggregate(form.With("_handler", handler), (all, field) => all.With(field.Item1, field.Item2))
                .Send(installation, installation.Server.Url);
            // A viewer has no page to remove on
            response.StatusCode.ShouldBe(handler == "remove" ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden, path);
        }

        var operators = await installation.SignedIn();
        await operators.GotoAsync($"{app.Path}/templates");
        await Assertions.Expect(operators.Locator("table.templates .badge:text-is('built in')")).ToHaveCountAsync(29);
        await operators.GotoAsync($"{app.Path}/mailbox");
        await Assertions.Expect(operators.GetByText("The mailbox is empty")).ToBeVisibleAsync();
        (await installation.Api(app.AppToken, "getApplication")).ShouldContain("\"locales\":[\"EN\",\"DE\"]");
        await operators.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_member_of_another_application_sees_nothing()
    {
        var (page, _) = await Viewer();
        var cookie = await CookieOf(page);
        await page.Context.CloseAsync();
        var operators = await installation.SignedIn();
        var other = await operators.CreateApplication("Not yours");
        await operators.Context.CloseAsync();
        foreach (var path in new[] { "templates", "templates/EN/signUp", "templates/EN/signUp/preview", "locales" })
        {
            using var response = await installation.Get($"{other.Path}/{path}", cookie);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    private async Task<(IPage Page, CreatedApplication App)> Viewer()
    {
        var operators = await installation.SignedIn();
        var app = await operators.CreateApplication("Looked at");
        await operators.GotoAsync($"{app.Path}/locales");
        await operators.GetByLabel("Add a language").SelectOptionAsync("DE");
        await operators.GetByRole(AriaRole.Button, new() { Name = "Add language" }).ClickAsync();
        await Assertions.Expect(operators.GetByText("is now available")).ToBeVisibleAsync();
        await operators.Context.CloseAsync();

        var email = $"vera-{app.Id}@example.com";
        var data = installation.Server.DataFolder;
        await Shell.Run(
            $"printf '%s' '{Password}' | '{LatchkeyServer.Executable}' developer create --email {email} --name Vera "
                + $"--password-stdin --data '{data}' && '{LatchkeyServer.Executable}' app member add {app.Id} --email {email} --role "
                + $"viewer --data '{data}'"
        );
        var page = await installation.Anonymous();
        await page.GotoAsync("/portal/sign-in");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody").GetByText("Looked at")).ToBeVisibleAsync();
        return (page, app);
    }

    private static async Task<string> CookieOf(IPage page) =>
        string.Join(
            "; ",
            (await page.Context.CookiesAsync()).Where(cookie => cookie.Name == "latchkey").Select(cookie => $"{cookie.Name}={cookie.Value}")
        );
}
