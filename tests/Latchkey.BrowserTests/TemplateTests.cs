namespace Latchkey.BrowserTests;

/// <summary>The tab Email Templates: writing, checking, trying out, saving and giving up a text.</summary>
public sealed class TemplateTests(BrowserFixture installation) : IAsyncLifetime
{
    private const string Own = "<p>Hi %HANDLE%, <b>%CODE%</b> opens %APP_NAME%</p>";
    private IPage page = null!;
    private CreatedApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        page = await installation.SignedIn();
        app = await page.CreateApplication("Letters & Co");
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_text_is_written_saved_mailed_and_given_up_again(bool scripts)
    {
        var writer = await installation.SignedIn(scripts);
        await writer.GotoAsync($"{app.Path}/templates");
        await writer.GetByRole(AriaRole.Link, new() { Name = "Signup code" }).ClickAsync();
        await writer.GetByLabel("Subject", new() { Exact = true }).FillAsync("Letters: %CODE%");
        await writer.GetByLabel("Reply to").FillAsync("help@example.com");
        await Html(writer).FillAsync(Own);
        await Press(writer, "Save");
        await Assertions.Expect(writer.GetByText("Saved. The next message uses it.")).ToBeVisibleAsync();
        await Assertions.Expect(Html(writer)).ToHaveValueAsync(Own);
        await writer.GotoAsync($"{app.Path}/templates");
        await Assertions.Expect(writer.Locator("tr", new() { HasText = "Signup code" })).ToContainTextAsync("custom");

        await installation.Api(app.AppToken, "signup", new { handle = "una@example.com", password = "a-password-of-mine-1" });
        await writer.GotoAsync($"{app.Path}/mailbox");
        await Assertions.Expect(writer.Locator(".mails li").First).ToContainTextAsync("Letters: ");

        await writer.GotoAsync($"{app.Path}/templates/EN/signUp");
        await writer.GetByText("Restore the built-in text").ClickAsync();
        await Press(writer, "Use the built-in text");
        await Assertions.Expect(writer.GetByText("The built-in text is restored.", new() { Exact = true })).ToBeVisibleAsync();
        (await Html(writer).InputValueAsync()).ShouldStartWith("<!doctype html>");
        await writer.Context.CloseAsync();
    }

    [Fact]
    public async Task the_preview_follows_typing_stores_nothing_and_leaves_no_history()
    {
        await page.GotoAsync($"{app.Path}/templates/EN/signUp");
        await Assertions.Expect(page.FrameLocator("iframe").Locator("h1")).ToContainTextAsync("Confirm your e-mail address");
        var history = await page.EvaluateAsync<int>("history.length");
        foreach (var word in new[] { "first", "second" })
        {
            await page.GetByLabel("Subject", new() { Exact = true }).FillAsync($"%APP_NAME% {word}");
            await Html(page).FillAsync($"<h1>The {word}</h1><p style=\"color:rgb(1,2,3)\">%CODE% for %HANDLE%</p>");
            var text = page.FrameLocator("iframe:not(.coming)").Locator("p");
            await Assertions.Expect(page.FrameLocator("iframe:not(.coming)").Locator("h1")).ToHaveTextAsync($"The {word}");
            await Assertions.Expect(text).ToHaveTextAsync($"123456 for {BrowserFixture.Email}");
            await Assertions.Expect(text).ToHaveCSSAsync("color", "rgb(1, 2, 3)");
            await Assertions.Expect(page.Locator("#shown .subject")).ToHaveTextAsync($"Letters & Co {word}");
        }

        await page.GetByText("Plain text").ClickAsync();
        await Assertions.Expect(page.Locator("#shown pre")).ToContainTextAsync($"The second\n\n123456 for {BrowserFixture.Email}");
        await Assertions.Expect(page.Locator("iframe")).ToHaveCountAsync(1);
        (await page.EvaluateAsync<int>("history.length")).ShouldBe(history);
        await page.GotoAsync($"{app.Path}/templates/EN/signUp");
        (await Html(page).InputValueAsync()).ShouldStartWith("<!doctype html>");
    }

    [Fact]
    public async Task without_scripts_two_buttons_show_the_draft()
    {
        var plain = await installation.SignedIn(scripts: false);
        await plain.GotoAsync($"{app.Path}/templates/EN/signUp");
        await Html(plain).FillAsync("<h1>Draft</h1><p>%CODE% %NAME%</p>");
        await Press(plain, "Preview");
        await Assertions.Expect(plain.FrameLocator("iframe").Locator("h1")).ToHaveTextAsync("Draft");
        await Press(plain, "Check the text");
        await Assertions.Expect(plain.Locator("#shown pre")).ToContainTextAsync("123456 %NAME%");
        await Assertions.Expect(plain.Locator("#field-html-warnings")).ToContainTextAsync("%NAME% is not a macro of this message");
        await Assertions.Expect(Html(plain)).ToHaveValueAsync("<h1>Draft</h1><p>%CODE% %NAME%</p>");
        await Assertions.Expect(plain.Locator("button.macro").First).ToBeDisabledAsync();
        await plain.GotoAsync($"{app.Path}/templates/EN/signUp");
        (await Html(plain).InputValueAsync()).ShouldStartWith("<!doctype html>");
        await plain.Context.CloseAsync();
    }

    [Fact]
    public async Task a_macro_is_inserted_where_one_was_writing()
    {
        await page.GotoAsync($"{app.Path}/templates/EN/signUp");
        await Html(page).FillAsync("<p>a  b</p>");
        await page.EvaluateAsync("document.querySelector('#field-html').setSelectionRange(5, 5)");
        await Press(page, "%CODE%");
        await Assertions.Expect(Html(page)).ToHaveValueAsync("<p>a %CODE% b</p>");
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("For ");
        await Press(page, "%HANDLE%");
        await Assertions.Expect(page.GetByLabel("Subject", new() { Exact = true })).ToHaveValueAsync("For %HANDLE%");
        await Assertions.Expect(page.Locator("#shown .subject")).ToHaveTextAsync($"For {BrowserFixture.Email}");
    }

    [Fact]
    public async Task the_keyboard_leaves_the_text_by_tab_and_enter_saves_nothing()
    {
        await page.GotoAsync($"{app.Path}/templates/EN/signUp");
        await Html(page).FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("button.macro").First).ToBeFocusedAsync();
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("Entered");
        await page.GetByLabel("Subject", new() { Exact = true }).PressAsync("Enter");
        await Assertions.Expect(page.Locator("#shown .subject")).ToHaveTextAsync("Entered");
        await page.GetByLabel("To this address").PressAsync("Enter");
        await Assertions.Expect(page.GetByText("is in the mailbox")).ToBeVisibleAsync();
        await page.GotoAsync($"{app.Path}/templates");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "Signup code" })).ToContainTextAsync("built in");
    }

    [Fact]
    public async Task what_cannot_be_saved_is_explained_beside_its_field_and_stays_typed()
    {
        await page.GotoAsync($"{app.Path}/templates/EN/signUp");
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("");
        await page.GetByLabel("Reply to").FillAsync("a@example.com, b@example.com");
        await Html(page).FillAsync("<p>%code%</p><!-- %CODE% -->");
        await Press(page, "Save");
        await Assertions.Expect(page.Locator("#field-subject-error")).ToContainTextAsync("Enter a subject");
        await Assertions.Expect(page.Locator("#field-replyTo-error")).ToContainTextAsync("Enter one address");
        await Assertions
            .Expect(page.Locator("#field-html-error"))
            .ToContainTextAsync("%CODE% is missing. Without it, the message cannot be used");
        await Assertions.Expect(page.Locator("#field-html-warnings")).ToContainTextAsync("Do you mean %CODE%?");
        await Assertions.Expect(Html(page)).ToHaveValueAsync("<p>%code%</p><!-- %CODE% -->");
        await Press(page, "Send test");
        await Assertions.Expect(page.Locator("#test")).ToContainTextAsync("Nothing was sent");

        await page.EvaluateAsync("document.querySelector('#field-html').value = '%CODE%' + 'ö'.repeat(64 * 1024)");
        await Press(page, "Save");
        await Assertions.Expect(page.Locator("#field-html-error")).ToContainTextAsync("at most 65536 characters. This one has 65542");
        await page.GotoAsync($"{app.Path}/templates");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "Signup code" })).ToContainTextAsync("built in");
    }

    [Fact]
    public async Task a_test_of_an_unsaved_text_lies_in_the_mailbox_where_no_provider_is_set()
    {
        await page.GotoAsync($"{app.Path}/templates/EN/invite");
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("Tried %CODE%");
        await Assertions.Expect(page.GetByLabel("To this address")).ToHaveValueAsync(BrowserFixture.Email);
        await Press(page, "Send test");
        await Assertions.Expect(page.GetByLabel("Subject", new() { Exact = true })).ToHaveValueAsync("Tried %CODE%");
        await page.GetByRole(AriaRole.Link, new() { Name = "Read it there" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tried 123456" })).ToBeVisibleAsync();

        await page.GotoAsync($"{app.Path}/templates/EN/invite");
        await page.GetByLabel("To this address").FillAsync("one@example.com\u2028two");
        await Press(page, "Send test");
        await Assertions.Expect(page.Locator("#field-to-error")).ToContainTextAsync("Enter one address");
        await page.GetByLabel("To this address").FillAsync("other@example.com");
        await Press(page, "Send test");
        await Assertions.Expect(page.GetByText("The message to other@example.com is in the mailbox")).ToBeVisibleAsync();
        await Press(page, "Send test");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("too many messages were sent");
    }

    [Fact]
    public async Task an_sms_shows_how_long_it_is_and_goes_to_a_number()
    {
        await page.GotoAsync($"{app.Path}/templates/EN/sms");
        await page.GetByLabel("Text", new() { Exact = true }).FillAsync("%CODE%" + new string('x', 154));
        await Assertions.Expect(page.Locator("#shown")).ToContainTextAsync("160 characters, sent as one SMS.");
        await page.GetByLabel("Text", new() { Exact = true }).FillAsync("%CODE% ☂");
        await Assertions.Expect(page.Locator("#shown")).ToContainTextAsync("8 characters, sent as one SMS. A special character");
        await page.GetByLabel("To this number").FillAsync("0123");
        await Press(page, "Send test");
        await Assertions.Expect(page.Locator("#field-to-error")).ToContainTextAsync("with its country");
        await page.GetByLabel("To this number").FillAsync("+14155550100");
        await Press(page, "Send test");
        await Assertions.Expect(page.GetByText("No provider is set up for SMS")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task who_saves_second_is_told_and_keeps_the_text()
    {
        var second = await installation.SignedIn();
        await page.GotoAsync($"{app.Path}/templates/EN/signUp");
        await second.GotoAsync($"{app.Path}/templates/EN/signUp");
        await Html(page).FillAsync("<p>First %CODE%</p>");
        await Press(page, "Save");
        await Assertions.Expect(page.GetByText("Saved. The next message uses it.")).ToBeVisibleAsync();
        await Html(second).FillAsync("<p>Second %CODE%</p>");
        await Press(second, "Save");
        await Assertions
            .Expect(second.GetByRole(AriaRole.Alert))
            .ToContainTextAsync("Nothing was saved: somebody else saved this template");
        await Assertions.Expect(Html(second)).ToHaveValueAsync("<p>Second %CODE%</p>");
        await second.GetByText("Show the stored text").ClickAsync();
        await Assertions.Expect(second.Locator("#copy-stored-html")).ToHaveTextAsync("<p>First %CODE%</p>");
        await Press(second, "Save");
        await Assertions.Expect(second.GetByText("Saved. The next message uses it.")).ToBeVisibleAsync();

        await page.GetByText("Restore the built-in text").ClickAsync();
        await Press(page, "Use the built-in text");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("somebody else saved");
        await Assertions.Expect(Html(page)).ToHaveValueAsync("<p>Second %CODE%</p>");
        await second.Context.CloseAsync();
    }

    [Fact]
    public async Task every_template_has_a_page_and_shows_its_built_in_text()
    {
        await page.GotoAsync($"{app.Path}/templates");
        var links = await page.Locator("table.templates a").EvaluateAllAsync<string[]>("all => all.map(a => a.getAttribute('href'))");
        links.Length.ShouldBe(29);
        foreach (var link in links)
        {
            await page.GotoAsync(link);
            (await page.Locator("#shown").InnerTextAsync()).ShouldNotContain("%", customMessage: link);
            await Assertions.Expect(page.Locator(".warnings p")).ToHaveCountAsync(0);
            await page.GetByText("Show the built-in text").ClickAsync();
            await Assertions.Expect(page.Locator("#copy-built-in-html")).ToBeVisibleAsync();
            if (!link.EndsWith("sms", StringComparison.OrdinalIgnoreCase))
            {
                (await page.FrameLocator("iframe").Locator("body").InnerTextAsync()).ShouldNotContain("%", customMessage: link);
            }
        }

        foreach (
            var wrong in new[]
            {
                "templates/DE/signUp",
                "templates/EN/test",
                "templates/EN/signUp/preview/x",
                "templates/DE/signUp/preview",
                "templates/EN/sms/preview",
                "templates/EN/loginCodeSms/preview",
            }
        )
        {
            using var response = await installation.Get($"{app.Path}/{wrong}");
            response.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound, wrong);
        }
    }

    private static ILocator Html(IPage page) => page.GetByLabel("HTML", new() { Exact = true });

    private static Task Press(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
