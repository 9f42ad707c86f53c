using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Messages.Templates;

namespace Latchkey.Tests.Messages.Templates;

/// <summary>An application's own templates, set by the command line and mailed by the running server.</summary>
public sealed class CustomTemplateTests(ServerFixture servers)
{
    private const string Una = "una@example.com";

    [Fact]
    public async Task A_template_is_replaced_for_one_application_and_locale_and_given_up_again()
    {
        var app = await (await servers.Unlimited()).CreateApp("locales=EN,DE");
        await Set(app, "DE", "signUp", "<p>Mein Code: %CODE%</p>", "Betreff von %APP_NAME%", "--reply-to", "help@example.org");
        (await app.Signup("de@example.com", locale: "DE")).ShouldBeTrue();
        (await app.Signup("en@example.com")).ShouldBeTrue();
        var german = await NextMail(app, "de@example.com", mail => mail.Subject == "Betreff von Demo", "DE");
        german.Html.ShouldBe($"<p>Mein Code: {german.Code}</p>");
        german.Text.ShouldBe($"Mein Code: {german.Code}\n");
        (await app.Mails("en@example.com"))[0].Subject.ShouldContain("your code for Demo");
        var shown = (await app.Installation.Run("template", "show", app.Id, "DE", "signUp", "--json")).ShouldSucceed().Json;
        (shown.GetProperty("own").GetBoolean(), shown.GetProperty("replyTo").GetString()).ShouldBe((true, "help@example.org"));
        (await app.Installation.Run("template", "reset", app.Id, "DE", "signUp")).ShouldSucceed();
        await NextMail(app, "de@example.com", mail => mail.Subject != "Betreff von Demo", "DE");
    }

    [Fact]
    public async Task Values_are_encoded_for_where_they_stand()
    {
        const string name = "A <b>&\"' %CODE% Ä";
        var app = await Named(name);
        await Set(
            app,
            "EN",
            "signUp",
            "<p title=\"%APP_NAME%\">%APP_NAME%</p><p>%HANDLE% %CODE% %UNKNOWN% %code% 100% %</p>",
            "%APP_NAME% %HANDLE%"
        );
        const string handle = "o'hara&x=%code%@example.com";
        var mail = await NextMail(app, handle, mail => mail.Html.Contains("title", StringComparison.Ordinal));
        mail.Html.ShouldBe(
            (
                "<p title=\"A &lt;b&gt;&amp;&quot;&#39; %CODE% Ä\">A &lt;b&gt;&amp;&quot;&#39; %CODE% "
                + $"Ä</p><p>o&#39;hara&amp;x=%code%@example.com {mail.Code} %UNKNOWN% %code% 100% %</p>"
            ).Replace("Ä", System.Net.WebUtility.HtmlEncode("Ä"), StringComparison.Ordinal)
        );
        mail.Subject.ShouldBe($"{name} {handle}");
        mail.Text.ShouldContain($"{name}\n");
        mail.Text.ShouldContain(handle);
    }

    /// <summary>Strangers can use the guesses at a code up, and never the link: a text from before links has one too.</summary>
    [Theory]
    [InlineData("<p>%CODE%</p>", "</p>\n")]
    [InlineData("<html><body><p>%CODE%</p></body></html>", "</body></html>")]
    public async Task A_text_with_a_code_and_no_link_gets_the_link_at_its_end(string html, string end)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "locales=EN,DE");
        await app.CreateUser(Una);
        await Set(app, "EN", "resetPassword", html, "Reset");
        await WaitUntil.IsTrue(
            "the text is used",
            async () =>
            {
                (await app.ForgotPassword(Una)).ShouldBeTrue();
                return (await app.Mails(Una))[0].Subject == "Reset";
            }
        );
        var mail = (await app.Mails(Una))[0];
        mail.Html.ShouldEndWith(end);
        mail.Html.ShouldContain("<p>Or choose it on this page:</p>");
        mail.Html.ShouldContain($"href=\"{System.Net.WebUtility.HtmlEncode(mail.Link)}\"");
    }

    [Fact]
    public async Task Macros_in_a_value_are_never_expanded()
    {
        var app = await Named("%CODE%%HANDLE%");
        var mail = await NextMail(app, "%code%%link%@example.com", _ => true);
        mail.Subject.ShouldContain("%CODE%%HANDLE%");
        mail.Html.ShouldContain("%CODE%%HANDLE%");
    }

    [Fact]
    public async Task A_link_is_a_button_in_text_and_an_address_in_an_attribute()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=link");
        await Set(
            app,
            "EN",
            "signUpLink",
            "<p>%LINK%</p><a href=\"%LINK%\">one</a><a href='%LINK%'>two</a><a title = \"to %LINK% now\" href=%LINK%>three</a>",
            "Go",
            "--link-text",
            "Press & go"
        );
        var mail = await NextMail(app, Una, mail => mail.Subject == "Go");
        var encoded = System.Net.WebUtility.HtmlEncode(mail.Link!);
        mail.Link!.ShouldStartWith(app.Server.Address.AbsoluteUri);
        mail.Html.ShouldStartWith($"<p><a href=\"{encoded}\"");
        mail.Html.ShouldContain(">Press &amp; go</a></p>");
        mail.Html.ShouldEndWith(
            $"<a href=\"{encoded}\">one</a><a href='{encoded}'>two</a><a title = \"to {encoded} now\" href={encoded}>three</a>"
        );
        mail.Text.ShouldContain(mail.Link!);
        (await app.Server.Get(new Uri(mail.Link!).PathAndQuery)).ShouldBeOk();
    }

    [Theory]
    [InlineData("EN", "noSuchKind", "there is no", "templates are")]
    [InlineData("XX", "signUp", "locale", "locale")]
    public async Task What_cannot_be_a_template_is_refused(string locale, string kind, string _, string because)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await TrySet(app, locale, kind, "<p>%CODE%</p>", "x")).ShouldFail(because);
    }

    [Theory]
    [InlineData("signUp", "<p>Hello</p>", "%CODE% is missing. Without it, the message cannot be used")]
    [InlineData("signUp", "<!-- %CODE% --><p>Hello</p>", "%CODE% is missing")]
    [InlineData("signUp", "<style>%CODE%</style><p>Hello</p>", "%CODE% is missing")]
    [InlineData("signUpLink", "<p>%CODE%</p>", "%LINK% is missing")]
    [InlineData("resetPassword", "<p>%code%</p>", "%CODE% is missing")]
    [InlineData("invite", "<p>Hello</p>", "%CODE% is missing")]
    [InlineData("sms", "Hello", "%CODE% is missing")]
    [InlineData("signUp", " ", "Enter a text")]
    public async Task A_text_that_nobody_could_finish_with_is_refused(string kind, string html, string because)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await TrySet(app, "EN", kind, html, "x")).ShouldFail(because);
        (await Shown(app, kind)).GetProperty("own").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("signUp", "%CODE%", "<p>Hello</p>", "%CODE% is missing in the text")]
    [InlineData("signUp", "x", "<p>%CODE% %NAME%</p>", "%NAME% is not a macro")]
    [InlineData("signUp", "x", "<p>%CODE% %app_name%</p>", "Do you mean %APP_NAME%")]
    [InlineData("signUp", "%LINK%", "<p>%CODE%</p>", "%LINK% is not a macro")]
    [InlineData("qrCode", "x", "<img src=\"cid:qrcode\">", "%CODE% is missing")]
    public async Task A_text_that_may_have_a_slip_is_saved_with_a_warning(string kind, string subject, string html, string warning)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await TrySet(app, "EN", kind, html, subject)).ShouldSucceed().Error.ShouldContain(warning);
        (await Shown(app, kind)).GetProperty("html").GetString().ShouldBe(html);
    }

    [Theory]
    [InlineData("--subject", "a\r\nBcc: eve@example.com", "one line")]
    [InlineData("--subject", "a\u0000b", "one line")]
    [InlineData("--subject", "a\u0085b", "one line")]
    [InlineData("--subject", "", "Enter a subject")]
    [InlineData("--link-text", "a\nb", "one line")]
    [InlineData("--reply-to", "a@example.com\r\nBcc: eve@example.com", "one address")]
    [InlineData("--reply-to", "a@example.com\r\n b", "one address")]
    [InlineData("--reply-to", "a@example.com, eve@example.com", "one address")]
    [InlineData("--reply-to", "Ann <a@example.com>", "one address")]
    [InlineData("--reply-to", "\"a b\"@example.com", "one address")]
    [InlineData("--reply-to", " a@example.com", "one address")]
    [InlineData("--reply-to", "nobody", "one address")]
    public async Task No_header_gets_into_a_mail(string option, string value, string because)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var rules = await app.Installation.Get<TemplateRules>();
        var application = (await (await app.Installation.Get<ApplicationCache>()).Find(app.Id))!;
        var row = new TemplateRow
        {
            Locale = "EN",
            Kind = "signUp",
            Subject = "x",
            Html = "%CODE%",
        };
        row = option switch
        {
            "--subject" => row with { Subject = value },
            "--reply-to" => row with { ReplyTo = value },
            _ => row with { LinkText = value },
        };
        (await rules.Save(application, row, Actor.CommandLine)).Error!.Message.ShouldContain(because);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM templates WHERE app_id = @Id", new { app.Id })).ShouldBe(0);
    }

    [Theory]
    [InlineData("subject", 200)]
    [InlineData("linkText", 200)]
    [InlineData("html", 64 * 1024)]
    [InlineData("sms", 1000)]
    public async Task A_text_of_the_longest_length_is_saved_and_one_longer_is_not(string field, int longest)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await SaveOf(app, field, longest)).Succeeded.ShouldBeTrue();
        (await SaveOf(app, field, longest + 1)).Error!.Message.ShouldContain($"at most {longest} characters");
    }

    [Theory]
    [InlineData("signUpLink", "%LINK%")]
    [InlineData("signUp", "%CODE%")]
    [InlineData("qrCode", "cid:qrcode %CODE%")]
    public async Task A_text_that_its_macros_would_make_too_long_is_neither_saved_nor_shown(string kind, string macro)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var application = (await (await app.Installation.Get<ApplicationCache>()).Find(app.Id))!;
        var rules = await app.Installation.Get<TemplateRules>();
        TemplateRow Of(int times) =>
            new()
            {
                Locale = "EN",
                Kind = kind,
                Subject = "x",
                Html = string.Concat(Enumerable.Repeat(macro, times)),
            };
        (await rules.Save(application, Of(100), Actor.CommandLine)).Error.ShouldBeNull();
        (await rules.Save(application, Of(3000), Actor.CommandLine)).Error!.Message.ShouldContain("Use fewer of them");

        using var editor = await PortalVisitor.Member(app, "editor");
        var address = $"/portal/applications/{app.Id}/templates/EN/{kind}";
        var form = await editor.Open(address, "template");
        (await editor.Send($"{address}/preview", form, ("html", Of(100).Html))).Html.Length.ShouldBeGreaterThan(500);
        (await editor.Send($"{address}/preview", form, ("html", Of(3000).Html))).Html.ShouldBe("The text is too long to show.");
        var checkedDraft = await editor.Send(address, form, ("html", Of(3000).Html), ("do", "check"));
        checkedDraft.Text("#field-html-error").ShouldContain("Use fewer of them");
        checkedDraft.Text("#shown pre").Length.ShouldBeLessThan(200_000);
    }

    [Fact]
    public void A_text_that_is_too_long_is_not_looked_at_for_slips()
    {
        var row = new TemplateRow
        {
            Locale = "EN",
            Kind = "signUp",
            Subject = "x",
            Html = "<p>%NAME%",
        };
        TemplateValidator.Warnings(row)["html"].Count.ShouldBe(2);
        TemplateValidator.Warnings(row with { Html = row.Html + new string('x', TemplateValidator.MaxHtmlLength) })["html"].ShouldBeEmpty();
    }

    private static async Task<Latchkey.Core.Result<Latchkey.Core.Done>> SaveOf(App app, string field, int length)
    {
        var application = (await (await app.Installation.Get<ApplicationCache>()).Find(app.Id))!;
        var text = "%CODE%" + new string('x', length - 6);
        var row = new TemplateRow
        {
            Locale = "EN",
            Kind = field == "sms" ? "sms" : "signUp",
            Subject = field == "subject" ? text : "x",
            LinkText = field == "linkText" ? text : "",
            Html = field is "html" or "sms" ? text : "%CODE%",
        };
        return await (await app.Installation.Get<TemplateRules>()).Save(application, row, Actor.CommandLine);
    }

    private static async Task<System.Text.Json.JsonElement> Shown(App app, string kind) =>
        (await app.Installation.Run("template", "show", app.Id, "EN", kind, "--json")).ShouldSucceed().Json;

    [Theory]
    [MemberData(nameof(Editable))]
    public async Task Every_template_can_be_shown_in_every_language(string kind)
    {
        var app = await (await servers.Unlimited()).CreateApp($"locales={string.Join(',', BuiltInTemplateTests.Locales)}");
        foreach (var locale in BuiltInTemplateTests.Locales)
        {
            (await app.Installation.Run("template", "show", app.Id, locale, kind)).ShouldSucceed().Output.Trim().ShouldNotBeEmpty();
        }
    }

    public static TheoryData<string> Editable =>
        [
            "signUp",
            "signUpLink",
            "clickThrough",
            "signUpSuccess",
            "resetPassword",
            "invite",
            "qrCode",
            "sms",
            "accountExists",
            "socialAccount",
            "passwordChanged",
            "phoneChanged",
            "secondFactorOn",
            "secondFactorOff",
            "identityLinked",
            "identityUnlinked",
            "userLocked",
        ];

    private async Task<App> Named(string name) => await App.Create(await servers.Unlimited(), [], name);

    /// <summary>Signs up again until a mail is as it should be: the running server follows the command line within a second.</summary>
    private static async Task<Mail> NextMail(App app, string handle, Func<Mail, bool> isRight, string? locale = null) =>
        await WaitUntil.IsNotNull(
            "the server follows the new template",
            async () =>
            {
                (await app.Signup(handle, locale: locale)).ShouldBeTrue();
                return (await app.AllMails())[0] is { } mail && isRight(mail) ? mail : null;
            }
        );

    private static async Task Set(App app, string locale, string kind, string html, string subject, params string[] more) =>
        (await TrySet(app, locale, kind, html, subject, more)).ShouldSucceed();

    private static async Task<CommandResult> TrySet(App app, string locale, string kind, string html, string subject, params string[] more)
    {
        var file = Path.Combine(app.Installation.DataFolder, $"{app.Id}-{locale}-{kind}.html");
        await File.WriteAllTextAsync(file, html);
        return await app.Installation.Run(["template", "set", app.Id, locale, kind, "--subject", subject, "--html", file, .. more]);
    }
}
