using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Templates;

/// <summary>The built-in templates: one HTML layout, and one file of texts per locale.</summary>
public static class MessageTemplates
{
    public const string FallbackLocale = "EN";

    /// <summary>The file of the portal's English mails; no locale has this name.</summary>
    private const string PortalTexts = "portal-mails";

    private static readonly ConcurrentDictionary<(string Locale, string Kind), Template> Cache = new();
    private static readonly ConcurrentDictionary<(string Locale, string Kind), TemplateText> TextCache = new();
    private static readonly Lazy<string> Layout = new(() => RequiredResource("Layout.html"));

    /// <summary>The application's own template, else the built-in one. EN when the locale is no longer offered.</summary>
    public static Template Resolve(Application application, string locale, string kind)
    {
        var offered = OfferedLocale(application, locale);
        return Own(application, offered, kind) ?? BuiltIn(offered, kind);
    }

    /// <summary>The locale; EN when the application no longer offers it.</summary>
    public static string OfferedLocale(Application application, string locale) =>
        application.Settings.Locales.Contains(locale, StringComparer.Ordinal) ? locale : FallbackLocale;

    /// <summary>The application's own template; null when it uses the built-in one.</summary>
    public static Template? Own(Application application, string locale, string kind) =>
        application.Templates.FirstOrDefault(own => own.Kind == kind && own.Locale == locale) is { } row
            ? new Template(row.Subject, row.Html, row.LinkText, row.ReplyTo)
            : null;

    /// <summary>The texts of the page that a signup link opens.</summary>
    public static ConfirmPageText ConfirmPage(string locale) =>
        Texts(BaseLocaleOf(locale))["confirmPage"].Deserialize(TemplatesJson.Default.ConfirmPageText)
        ?? throw new InvalidOperationException($"there is no confirm page for {locale}");

    /// <summary>The texts of the page behind the link of a reset or an invitation mail.</summary>
    public static PasswordPageText PasswordPage(string locale, string kind)
    {
        var texts = Texts(BaseLocaleOf(locale));
        var page = texts["passwordPage"];
        return new PasswordPageText(
            Text(texts[kind]?["heading"]),
            Text(page?["text"]),
            Text(page?["label"]),
            Text(page?["weak"]),
            Text(texts[kind]?["linkText"]),
            Text(texts[MessageKind.PasswordChanged]?["heading"]),
            Text(texts[MessageKind.ClickThrough]?["paragraphs"]?[0])
        );

        string Text(JsonNode? node) =>
            node?.GetValue<string>() ?? throw new InvalidOperationException($"the texts of {locale} lack one of the password page");
    }

    /// <summary>The texts of the page that shows a login code.</summary>
    public static LoginCodePageText LoginCodePage(string locale) =>
        Texts(BaseLocaleOf(locale))["loginCodePage"].Deserialize(TemplatesJson.Default.LoginCodePageText)
        ?? throw new InvalidOperationException($"there is no login code page for {locale}");

    /// <summary>The texts of the page of a link that cannot do its work.</summary>
    public static LinkErrorText LinkError(string locale) =>
        Texts(BaseLocaleOf(locale))["linkError"].Deserialize(TemplatesJson.Default.LinkErrorText)
        ?? throw new InvalidOperationException($"there is no error page for links in {locale}");

    /// <summary>The built-in template of a kind, in the language of <see cref="BaseLocaleOf"/>.</summary>
    public static Template BuiltIn(string locale, string kind) =>
        Cache.GetOrAdd((BaseLocaleOf(locale), kind), key => Build(key.Locale, key.Kind));

    /// <summary>
    /// The locale whose built-in texts apply: its language if they are in the same script (PT for PT-BR, ZH for ZH-SG), its language and
    /// script (ZH-HANT for ZH-TW), or EN.
    /// </summary>
    public static string BaseLocaleOf(string locale) =>
        LanguageTag.Canonicalize(locale) is not { } tag ? FallbackLocale
        : LanguageTag.Language(tag) is var language && HasTexts(language) && LanguageTag.Script(language) == LanguageTag.Script(tag)
            ? language
        : $"{language}-{LanguageTag.Script(tag)}" is var withScript && HasTexts(withScript) ? withScript
        : FallbackLocale;

    /// <summary>The heading of the built-in mail of a kind: why it is sent, in a few words.</summary>
    public static string Heading(string locale, string kind) => TextOf(BaseLocaleOf(locale), kind).Heading;

    /// <summary>
    /// The built-in words before the link of a mail that has both a code and a link, and the link's text; null for other kinds.
    /// </summary>
    public static (string Words, string LinkText)? LinkBesideCode(string locale, string kind) =>
        kind is MessageKind.ResetPassword or MessageKind.Invite
            ? (TextOf(BaseLocaleOf(locale), kind).OrLink ?? "", BuiltIn(locale, kind).LinkText)
            : null;

    /// <summary>
    /// The template of one of the portal's own mails. Those of billing stand with the texts of each language; the others are English only.
    /// </summary>
    public static Template PortalMail(string kind, string language) =>
        PortalMailKind.Billing.Contains(kind, StringComparer.Ordinal)
            ? BuiltIn(language, kind)
            : Cache.GetOrAdd(
                (PortalTexts, kind),
                key =>
                {
                    var text = TextOf(key.Locale, key.Kind);
                    return new Template(text.Subject, Fill(text, "en", "ltr"), text.LinkText ?? "");
                }
            );

    private static bool HasTexts(string locale) =>
        typeof(MessageTemplates).Assembly.GetManifestResourceInfo($"Texts/{locale}.json") is not null;

    private static Template Build(string locale, string kind)
    {
        var texts = Texts(locale);
        if (MessageKind.IsSms(kind))
        {
            return new Template("", RequiredText(texts, kind), "");
        }

        var text = TextOf(locale, kind);
        return new Template(
            text.Subject,
            Fill(text, locale.ToLowerInvariant(), RequiredText(texts, "direction")),
            text.LinkText ?? RequiredText(texts, "linkText")
        );
    }

    private static string Fill(TemplateText text, string language, string direction) =>
        Layout
            .Value.Replace("%LANG%", language, StringComparison.Ordinal)
            .Replace("%DIRECTION%", direction, StringComparison.Ordinal)
            .Replace("%SUBJECT%", text.Subject, StringComparison.Ordinal)
            .Replace("%HEADING%", text.Heading, StringComparison.Ordinal)
            .Replace("%CONTENT%", Content(text), StringComparison.Ordinal);

    private static TemplateText TextOf(string file, string kind) =>
        TextCache.GetOrAdd(
            (file, kind),
            key =>
                Texts(key.Locale)[key.Kind]?.Deserialize(TemplatesJson.Default.TemplateText)
                ?? throw new InvalidOperationException($"there is no text {key.Kind} in {key.Locale}")
        );

    private static JsonObject Texts(string locale) =>
        JsonNode.Parse(RequiredResource($"{locale}.json")) as JsonObject
        ?? throw new InvalidOperationException($"the texts of {locale} are not an object");

    private static string RequiredText(JsonObject texts, string name) =>
        texts[name]?.GetValue<string>() ?? throw new InvalidOperationException($"a locale's texts lack {name}");

    private static string RequiredResource(string name) =>
        Resource(name) ?? throw new InvalidOperationException($"the program lacks its file {name}");

    private static string Content(TemplateText text)
    {
        var html = new StringBuilder();
        foreach (var paragraph in text.Paragraphs)
        {
            html.Append("<p style=\"margin:0 0 16px\">").Append(paragraph).Append("</p>\n");
        }

        html.Append(
            text.Shows switch
            {
                "code" => "<p class=\"box\" style=\"margin:0 0 24px;padding:16px;background:#f3f1ec;color:#22201c;border-radius:8px;"
                    + "text-align:center;font-size:32px;font-weight:700;letter-spacing:8px;"
                    + "font-family:ui-monospace,Menlo,Consolas,monospace\" dir=\"ltr\">%CODE%</p>\n",
                "qrcode" => "<p style=\"margin:0 0 16px;text-align:center\"><img src=\"cid:qrcode\" alt=\"\" width=\"240\" height=\"240\" "
                    + "style=\"background:#ffffff;border-radius:8px\"></p>\n"
                    + "<p class=\"box\" style=\"margin:0 0 24px;padding:16px;background:#f3f1ec;color:#22201c;border-radius:8px;"
                    + "text-align:center;font-size:16px;font-family:ui-monospace,Menlo,Consolas,monospace\" dir=\"ltr\">%CODE%</p>\n",
                "link" => "<p style=\"margin:0 0 24px\">%LINK%</p>\n",
                _ => "",
            }
        );
        if (text.OrLink is not null)
        {
            html.Append("<p style=\"margin:0 0 16px\">").Append(text.OrLink).Append("</p>\n<p style=\"margin:0 0 24px\">%LINK%</p>\n");
        }

        if (text.Note.Length > 0)
        {
            html.Append("<p class=\"quiet\" style=\"margin:24px 0 0;font-size:13px;color:#6b655a\">").Append(text.Note).Append("</p>");
        }

        return html.ToString();
    }

    private static string? Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Texts/{name}");
        return stream is null ? null : new StreamReader(stream, Encoding.UTF8).ReadToEnd();
    }
}
