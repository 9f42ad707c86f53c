using System.Net;

namespace Latchkey.BrowserTests;

/// <summary>What members of each role see and can send on the pages of an application's status, reset and deletion.</summary>
public sealed class StatusRoleTests(BrowserFixture installation)
{
    private static readonly string Program = Path.Combine(LatchkeyServer.Root, ".build/latchkey/latchkey");

    [Theory]
    [InlineData("viewer", false, false)]
    [InlineData("editor", true, false)]
    [InlineData("owner", true, true)]
    [InlineData("", false, false)]
    public async Task each_role_sees_and_sends_what_it_may_and_no_more(string role, bool mayChange, bool mayErase)
    {
        var operators = await installation.SignedIn();
        var app = await operators.CreateApplication($"Roles of {role}");
        var page = await SignedIn(app, role);
        var cookie = (await page.Context.CookiesAsync())
            .Where(one => one.Name == "latchkey")
            .Select(one => $"latchkey={one.Value}")
            .Single();
        var settings = await Get($"{app.Path}/settings/general");
        settings.Status.ShouldBe(role.Length > 0 ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        settings.Text.Contains("Make inactive", StringComparison.Ordinal).ShouldBe(mayChange);
        settings.Text.Contains("Mark as migrated", StringComparison.Ordinal).ShouldBe(mayErase);
        foreach (var link in new[] { "/upgrade", "/reset", "/delete" })
        {
            settings.Text.Contains($"{app.Path}{link}\"", StringComparison.Ordinal).ShouldBe(mayErase, link);
            (await Get(app.Path + link)).Status.ShouldBe(mayErase ? HttpStatusCode.OK : HttpStatusCode.NotFound, link);
        }

        (await Get($"{app.Path}/status/inactive")).Status.ShouldBe(mayChange ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        (await Get($"/portal/operator/applications/{app.Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Get("/portal/operator/petitions")).Status.ShouldBe(HttpStatusCode.NotFound);

        // The operator's forms, sent with this visitor's cookie and a token of this visitor's own.
        var token = (await PortalForm.On(installation, "/portal/applications/new", cookie)).Single(form =>
            form.Fields.GetValueOrDefault("_handler") == "create"
        );
        foreach (
            var (path, field, value) in new[]
            {
                ($"{app.Path}/upgrade", "x", ""),
                ($"{app.Path}/reset", "name", $"Roles of {role}"),
                ($"{app.Path}/delete", "name", $"Roles of {role}"),
                ($"/portal/operator/applications/{app.Id}/status/blocked", "reason", "none"),
            }
        )
        {
            if (mayErase && !path.StartsWith("/portal/operator", StringComparison.Ordinal))
            {
                continue;
            }

            var form = (await PortalForm.On(installation, path)).Last(one => one.Fields.ContainsKey("_handler")).With(field, value);
            using var answer = await (
                form.With(PortalForm.TokenField, token.Fields[PortalForm.TokenField]) with
                {
                    Cookies = token.Cookies,
                }
            ).Send(installation, installation.Server.Url);
            ((int)answer.StatusCode).ShouldBeOneOf([403, 404], path);
        }

        (await installation.Api(app.AppToken, "getApplication")).ShouldContain("\"status\":\"active\"");
        using var still = await installation.Get($"{app.Path}/settings/general");
        (await still.Content.ReadAsStringAsync()).ShouldContain("Upgrade");
        await page.Context.CloseAsync();
        await operators.Context.CloseAsync();

        async Task<(HttpStatusCode Status, string Text)> Get(string path)
        {
            using var answer = await installation.Get(path, cookie);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task the_owner_of_a_blocked_application_sees_everything_and_changes_neither_status_nor_users()
    {
        var operators = await installation.SignedIn();
        var app = await operators.CreateApplication("Blocked one");
        await operators.GotoAsync($"/portal/operator/applications/{app.Id}/status/blocked");
        await operators.GetByLabel("Reason").FillAsync("Spam");
        await operators.GetByRole(AriaRole.Button, new() { Name = "Block", Exact = true }).ClickAsync();

        var page = await SignedIn(app, "owner");
        await page.GotoAsync($"{app.Path}/settings/general");
        await Assertions.Expect(page.Locator("#status")).ToContainTextAsync("only the operator can change its status");
        await Assertions.Expect(page.Locator("#status .button")).ToHaveCountAsync(0);
        await page.GotoAsync($"{app.Path}/status/active");
        await Assertions.Expect(page.GetByText("You cannot change this")).ToBeVisibleAsync();
        await page.GotoAsync($"{app.Path}/delete");
        await Assertions
            .Expect(page.GetByText("only the operator can reset or delete it", new() { Exact = false }).Last)
            .ToBeVisibleAsync();
        await page.GotoAsync($"{app.Path}/settings/general");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("Blocked two");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".switcher summary")).ToHaveTextAsync("Blocked two");
        await page.Context.CloseAsync();
        await operators.Context.CloseAsync();
    }

    /// <summary>A developer who is a member of the application in this role; empty for none.</summary>
    private async Task<IPage> SignedIn(CreatedApplication app, string role)
    {
        var email = $"{app.Id}-{role}@developers.example";
        var data = $"--data {installation.Server.DataFolder}";
        await Shell.Run(
            $"echo '{BrowserFixture.Password}' | {Program} developer create --email {email} --name Dev --password-stdin {data}"
        );
        if (role.Length > 0)
        {
            await Shell.Run($"{Program} app member add {app.Id} --email {email} --role {role} {data}");
        }

        var page = await installation.Anonymous();
        await page.GotoAsync("/portal/sign-in");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(BrowserFixture.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();
        return page;
    }
}
