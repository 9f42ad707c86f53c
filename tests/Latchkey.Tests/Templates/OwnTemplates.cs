namespace Latchkey.Tests.Templates;

/// <summary>An application's own templates, set by the command line and mailed by the running server.</summary>
public sealed class OwnTemplates(Servers servers)
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
        var shown = (await app.Installation.Run("template", "show", app.Id, "DE", "signUp", "--json")).Worked().Json;
        (shown.GetProperty("own").GetBoolean(), shown.GetProperty("replyTo").GetString()).ShouldBe((true, "help@example.org"));
        (await app.Installation.Run("template", "reset", app.Id, "DE", "signUp")).Worked();
        await NextMail(app, "de@example.com", mail => mail.Subject != "Betreff von Demo", "DE");
    }

    [Fact]
    public async Task Values_are_encoded_for_where_they_stand()
    {
        const string name = "A <b>&\"' %CODE% Ä";
        var app = await Named(name);
        await Set(app, "EN", "signUp", "<p title=\"%APP_NAME%\">%APP_NAME%</p><p>%HANDLE% %CODE% %UNKNOWN% %code% 100% %</p>", "%APP_NAME% %HANDLE%");
        const string handle = "o'hara&x=%code%@example.com";
        var mail = await NextMail(app, handle, mail => mail.Html.Contains("title", StringComparison.Ordinal));
        mail.Html.ShouldBe($"<p title=\"A &lt;b&gt;&amp;&quot;&#39; %CODE% Ä\">A &lt;b&gt;&amp;&quot;&#39; %CODE% Ä</p><p>o&#39;hara&amp;x=%code%@example.com {mail.Code} %UNKNOWN% %code% 100% %</p>".Replace("Ä", System.Net.WebUtility.HtmlEncode("Ä"), StringComparison.Ordinal));
        mail.Subject.ShouldBe($"{name} {handle}");
        mail.Text.ShouldContain($"{name}\n");
        mail.Text.ShouldContain(handle);
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
        await Set(app, "EN", "signUpLink", "<p>%LINK%</p><a href=\"%LINK%\">one</a><a href='%LINK%'>two</a><a title = \"to %LINK% now\" href=%LINK%>three</a>", "Go", "--link-text", "Press & go");
        var mail = await NextMail(app, Una, mail => mail.Subject == "Go");
        var encoded = System.Net.WebUtility.HtmlEncode(mail.Link!);
        mail.Link!.ShouldStartWith(app.Server.Address.AbsoluteUri);
        mail.Html.ShouldStartWith($"<p><a href=\"{encoded}\"");
        mail.Html.ShouldContain(">Press &amp; go</a></p>");
        mail.Html.ShouldEndWith($"<a href=\"{encoded}\">one</a><a href='{encoded}'>two</a><a title = \"to {encoded} now\" href={encoded}>three</a>");
        mail.Text.ShouldContain(mail.Link!);
        (await app.Server.Get(new Uri(mail.Link!).PathAndQuery)).ShouldBeOk();
    }

    [Theory]
    [InlineData("EN", "noSuchKind", "there is no", "templates are")]
    [InlineData("XX", "signUp", "locale", "locale")]
    public async Task What_cannot_be_a_template_is_refused(string locale, string kind, string _, string because)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await TrySet(app, locale, kind, "<p>%CODE%</p>", "x")).ShouldBeRefused(because);
    }

    [Fact]
    public async Task A_text_without_its_code_is_saved_with_a_warning()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await TrySet(app, "EN", "signUp", "<p>Hello</p>", "x")).Worked().Error.ShouldContain("%CODE%");
        (await TrySet(app, "EN", "signUp", " ", "x")).ShouldBeRefused("characters");
    }

    [Theory]
    [MemberData(nameof(Editable))]
    public async Task Every_template_can_be_shown_in_every_language(string kind)
    {
        var app = await (await servers.Unlimited()).CreateApp($"locales={string.Join(',', BuiltIn.Locales)}");
        foreach (var locale in BuiltIn.Locales)
        {
            (await app.Installation.Run("template", "show", app.Id, locale, kind)).Worked().Output.Trim().ShouldNotBeEmpty();
        }
    }

    public static TheoryData<string> Editable => ["signUp", "signUpLink", "clickThrough", "signUpSuccess", "resetPassword", "invite", "qrCode", "sms"];

    private async Task<App> Named(string name) => await App.Create(await servers.Unlimited(), [], name);

    /// <summary>Signs up again until a mail is as it should be: the running server follows the command line within a second.</summary>
    private static async Task<Mail> NextMail(App app, string handle, Func<Mail, bool> isRight, string? locale = null) =>
        await Until.IsThere("the server follows the new template", async () =>
        {
            (await app.Signup(handle, locale: locale)).ShouldBeTrue();
            return (await app.AllMails())[0] is { } mail && isRight(mail) ? mail : null;
        });

    private static async Task Set(App app, string locale, string kind, string html, string subject, params string[] more) => (await TrySet(app, locale, kind, html, subject, more)).Worked();

    private static async Task<Printed> TrySet(App app, string locale, string kind, string html, string subject, params string[] more)
    {
        var file = Path.Combine(app.Installation.DataFolder, $"{app.Id}-{locale}-{kind}.html");
        await File.WriteAllTextAsync(file, html);
        return await app.Installation.Run(["template", "set", app.Id, locale, kind, "--subject", subject, "--html", file, .. more]);
    }
}
