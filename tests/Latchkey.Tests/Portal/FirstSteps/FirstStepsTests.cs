using System.Net;

namespace Latchkey.Tests.Portal.FirstSteps;

/// <summary>The checklist on an application's overview says what happened, until the first login.</summary>
public sealed class FirstStepsTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Card = "#first-steps";

    [Fact]
    public async Task Each_step_is_done_when_it_happened_and_the_list_goes_with_the_first_login()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=code");
        var path = $"/portal/applications/{app.Id}";
        using var ada = await PortalVisitor.Operator(app.Server, $"ada-{app.Id[..8]}@operators.example");
        (await DoneOn(ada, path)).ShouldBeEmpty();

        (await app.TryLogin(Ann)).Code.ShouldBe(600);
        (await DoneOn(ada, path)).ShouldBe(["Put the App Token into your app"]);
        (await app.Signup(Ann)).ShouldBeTrue();
        (await DoneOn(ada, path)).ShouldBe(["Put the App Token into your app", "Sign up the first user"]);
        (await app.Complete(Ann, await app.LastCodeFor(Ann))).Code.ShouldBeNull();
        await app.Set("mailProvider=smtp", "emailExtension=1", "smtpHost=smtp.example.com", "mailFrom=demo@sender.example");
        using var member = await PortalVisitor.Member(app, "editor");
        using var other = await PortalVisitor.Member(app, "viewer");
        (await DoneOn(ada, path)).ShouldBe([
            "Put the App Token into your app",
            "Sign up the first user",
            "Enter the code",
            "Set up a mail provider",
            "Invite members",
        ]);
        (await other.Get(path)).Document.QuerySelectorAll(Card).ShouldBeEmpty(); // a viewer can do none of it

        await app.Login(Ann);
        (await ada.Get(path)).Document.QuerySelectorAll(Card).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_hidden_and_shown_again_for_this_application_only()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var other = await app.Server.CreateApp();
        using var ada = await PortalVisitor.Operator(app.Server, $"ada-{app.Id[..8]}@operators.example");
        var path = $"/portal/applications/{app.Id}";
        (await ada.SubmitAndFollow(path, "hide-first-steps")).Document.QuerySelectorAll(Card).ShouldBeEmpty();
        (await ada.Get(path)).Document.QuerySelectorAll(Card).ShouldBeEmpty();
        (await ada.Get($"/portal/applications/{other.Id}")).Document.QuerySelectorAll(Card).ShouldHaveSingleItem();
        (await ada.SubmitAndFollow(path, "show-first-steps")).Document.QuerySelectorAll(Card).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Every_step_leads_to_a_page_and_the_code_has_the_token()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var shown = await editor.Get($"/portal/applications/{app.Id}");
        var links = shown.Document.QuerySelectorAll($"{Card} .checklist a").Select(link => link.GetAttribute("href")!).ToList();
        links.Count.ShouldBe(7);
        foreach (var link in links)
        {
            (await editor.Get(link)).Status.ShouldBe(HttpStatusCode.OK, link);
        }

        foreach (var language in new[] { "swift", "kotlin", "react-native", "typescript", "csharp", "python", "curl", "" })
        {
            var code = await editor.Get($"/portal/applications/{app.Id}/keys/code?language={language}");
            code.Text("#copy-app-code").ShouldContain(app.Token, customMessage: language);
        }

        (await editor.Get($"/portal/applications/{app.Id}/keys")).Document.QuerySelector("a[href$='/keys/code']").ShouldNotBeNull();
    }

    private static async Task<IReadOnlyList<string>> DoneOn(PortalVisitor visitor, string path) =>
        [.. (await visitor.Get(path)).Document.QuerySelectorAll($"{Card} .done a").Select(link => link.TextContent)];
}
