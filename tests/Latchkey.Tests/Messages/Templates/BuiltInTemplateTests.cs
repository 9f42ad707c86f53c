using Latchkey.Applications;
using Latchkey.Applications.MessageProviders;
using Latchkey.Applications.Settings;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;
using Latchkey.Messages.Templates;

namespace Latchkey.Tests.Messages.Templates;

/// <summary>Every built-in text in every language: no macro is left, and what the message is for is in it.</summary>
public sealed class BuiltInTemplateTests
{
    public static string[] Locales { get; } = ["EN", "FR", "DE", "ES", "IT", "PT", "NL", "PL", "JA", "ZH", "ZH-HANT", "KO", "AR"];

    public static string[] Kinds { get; } =
    [
        "signUp",
        "signUpLink",
        "signUpSuccess",
        "clickThrough",
        "resetPassword",
        "invite",
        "qrCode",
        "sms",
        "loginCode",
        "loginCodeSms",
        "stepUpCode",
        "addressCode",
        "accountExists",
        "socialAccount",
        "passwordChanged",
        "addressChanged",
        "phoneChanged",
        "secondFactorOn",
        "secondFactorOff",
        "identityLinked",
        "identityUnlinked",
        "userLocked",
        "passwordGuessing",
        "codeGuessing",
        "sessionStolen",
        "recoveryCodeUsed",
        "recoveryCodesLow",
        "passkeyAdded",
        "passkeyRemoved",
    ];

    public static MatrixTheoryData<string, string> All => new(Locales, Kinds);

    public static MatrixTheoryData<string, string> Translated => new(Locales.Except(["EN"]), Kinds);

    [Theory]
    [MemberData(nameof(All))]
    public void Every_macro_is_filled(string locale, string kind)
    {
        var body = Compose(locale, kind);
        foreach (var part in new[] { body.Subject, body.Text, body.Html })
        {
            System.Text.RegularExpressions.Regex.IsMatch(part, "%[A-Z_]+%").ShouldBeFalse(part);
        }

        body.Text.Trim().ShouldNotBeEmpty();
        (body.Subject.Length > 0).ShouldBe(!IsSms(kind));
        (body.Html.Length > 0).ShouldBe(!IsSms(kind));
        if (
            kind
            is "signUp"
                or "resetPassword"
                or "invite"
                or "qrCode"
                or "sms"
                or "loginCode"
                or "loginCodeSms"
                or "stepUpCode"
                or "addressCode"
        )
        {
            body.Text.ShouldContain("123456");
        }

        if (kind is "signUpLink" or "loginCode")
        {
            body.Text.ShouldContain("https://auth.example/x?a=1&b=2");
            body.Html.ShouldContain("href=\"https://auth.example/x?a=1&amp;b=2\"");
        }

        if (!IsSms(kind))
        {
            body.Html.ShouldContain($"lang=\"{locale.ToLowerInvariant()}\"");
            body.Html.ShouldContain($"dir=\"{(locale == "AR" ? "rtl" : "ltr")}\"");
        }
    }

    [Theory]
    [MemberData(nameof(TranslatedLocales))]
    public void The_page_of_a_login_code_has_words_of_its_own_in_every_language(string locale)
    {
        var (page, english) = (MessageTemplates.LoginCodePage(locale), MessageTemplates.LoginCodePage("EN"));
        foreach (var text in new[] { page.Heading, page.Text, page.AskedBy, page.From, page.At, page.Warning })
        {
            text.ShouldNotBeNullOrWhiteSpace();
        }

        page.Warning.ShouldNotBe(english.Warning);
        page.Heading.ShouldContain("%APP_NAME%");
    }

    public static TheoryData<string> TranslatedLocales => [.. Locales.Except(["EN"])];

    private static bool IsSms(string kind) => kind is "sms" or "loginCodeSms";

    [Theory]
    [MemberData(nameof(Translated))]
    public void Every_language_has_words_of_its_own(string locale, string kind) =>
        Compose(locale, kind).Text.ShouldNotBe(Compose("EN", kind).Text);

    [Fact]
    public void Another_locale_starts_from_english() => Compose("SV", "signUp").Text.ShouldBe(Compose("EN", "signUp").Text);

    [Theory]
    [MemberData(nameof(TraditionalKinds))]
    public void Taiwan_gets_no_simplified_chinese(string kind)
    {
        var demo = Demo with { Settings = new ApplicationSettings { Locales = ["EN", "ZH-TW", "ZH"] } };
        var (taiwan, china) = (Compose("ZH-TW", kind, demo), Compose("ZH", kind, demo));
        (taiwan.Text, taiwan.Subject).ShouldBe((Compose("ZH-HANT", kind).Text, Compose("ZH-HANT", kind).Subject));
        taiwan.Text.Intersect("验证码请时间册邮账号设应输错误数过锁开链导").ShouldBeEmpty(taiwan.Text);
        taiwan.Text.ShouldNotBe(china.Text);
    }

    public static TheoryData<string> TraditionalKinds => [.. Kinds];

    [Fact]
    public void A_region_starts_from_its_language() => Compose("PT-BR", "signUp").Text.ShouldBe(Compose("PT", "signUp").Text);

    [Fact]
    public void A_locale_that_is_not_offered_is_english() =>
        Compose("JA", "signUp", Demo with { Settings = new ApplicationSettings() }).Text.ShouldBe(Compose("EN", "signUp").Text);

    /// <summary>
    /// What the portal lists is what there is, each macro of the English text is in every other, and none is there that the kind does not
    /// fill.
    /// </summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Every_language_has_every_macro(string locale, string kind)
    {
        var filled = TemplateMacros.ForKind(kind).Select(macro => macro.Name);
        Macros(locale, kind).ShouldBe(Macros("EN", kind), ignoreOrder: true);
        Macros(locale, kind).ShouldBeSubsetOf(filled);
        var template = Latchkey.Messages.Templates.MessageTemplates.BuiltIn(locale, kind);
        var row = new TemplateRow
        {
            Locale = locale,
            Kind = kind,
            Subject = template.Subject,
            Html = template.Html,
            LinkText = template.LinkText,
        };
        TemplateValidator.Validate(row).ShouldBeEmpty();
        TemplateValidator.Warnings(row).Values.SelectMany(warnings => warnings).ShouldBeEmpty();
        Languages.All.ShouldContain(language => language.Code == locale);
    }

    [Fact]
    public void Every_kind_can_be_edited() => MessageKind.Editable.ShouldBe(Kinds, ignoreOrder: true);

    [Theory]
    [InlineData("<b>", "", "x")]
    [InlineData("<div>", "", "x")]
    [InlineData("<table><td>", "", "x")]
    [InlineData("<b a#>", "<p>x", "x")] // each paragraph has all of the open elements in it
    [InlineData("<a href=#>", "</a>x", "x")]
    [InlineData("<p a#=b>", "x</p>", "x")]
    public void Thousands_of_elements_inside_each_other_cost_no_more_than_their_length(string opens, string goesOn, string text)
    {
        var html = new System.Text.StringBuilder();
        for (var i = 0; html.Length < TemplateValidator.MaxHtmlLength / 2; i++)
        {
            html.Append(opens.Replace("#", $"{i}", StringComparison.Ordinal));
        }

        for (var i = 0; i < 3000; i++)
        {
            html.Append(goesOn);
        }

        HtmlToText.Convert(html + text).TrimEnd().ShouldEndWith(text);
    }

    [Theory]
    [InlineData("<title>t</title><p>one<p>two<br>three", "one\n\ntwo\nthree\n")]
    [InlineData("<ul><li>a<li>b &amp; c</ul>d", "a\n\nb & c\n\nd\n")]
    [InlineData("<a HREF='https://x.example/?a=1&amp;b=2' title=t>Go</a>", "Go:\nhttps://x.example/?a=1&b=2\n")]
    [InlineData("<a href=https://x.example>https://x.example</a>", "https://x.example\n")]
    [InlineData("<a href=1>one <a href=2>two", "one :\n1two:\n2\n")]
    [InlineData("<!-- a --><style>b</style><script>'<p>c'</script><template>d<template>e</template>f</template>g", "g\n")]
    [InlineData("<textarea><b>a</textarea> \n b", "<b>a b\n")]
    public void The_text_of_a_mail_is_what_its_html_says(string html, string text) => HtmlToText.Convert(html).ShouldBe(text);

    private static IReadOnlyList<string> Macros(string locale, string kind)
    {
        var template = Latchkey.Messages.Templates.MessageTemplates.BuiltIn(locale, kind);
        return
        [
            .. System
                .Text.RegularExpressions.Regex.Matches(template.Subject + template.Html, "%[A-Z_]+%")
                .Select(match => match.Value)
                .Distinct(),
        ];
    }

    [Fact]
    public void The_narrow_no_break_space_of_french_survives_in_the_text()
    {
        var french = Kinds.Select(kind => Compose("FR", kind)).First(body => body.Html.Contains('\u202F', StringComparison.Ordinal));
        french.Text.ShouldContain('\u202F');
    }

    private static readonly InstallationSettings Installation = new();

    private static readonly Application Demo = new(
        new ApplicationRow { Name = "Demo" },
        new ApplicationSettings { Locales = [.. Locales, "SV", "PT-BR"] },
        null!,
        "",
        [],
        [],
        [],
        []
    );

    private static MessageBody Compose(string locale, string kind, Application? application = null) =>
        new MessageComposer(
            Installation,
            new MessageProviders(Installation, new InstallationProviders(Installation, null!, null!, null!), null!),
            new FixedClock()
        ).Compose(
            application ?? Demo,
            kind,
            locale,
            new MacroValues("una@example.com", "127.0.0.1", "123456", "https://auth.example/x?a=1&b=2", "Google", "AAAA")
        );

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    }
}
