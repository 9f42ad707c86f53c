using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;

namespace Latchkey.Messages.Templates;

/// <summary>
/// Fills in templates. Each value is encoded for its context: text, attribute or subject. An unknown macro stays unchanged, and a value
/// that looks like a macro is not expanded.
/// </summary>
public sealed partial class MessageComposer(InstallationSettings installation, MessageProviders providers, TimeProvider clock)
{
    /// <summary>Inline and important, so that no style of the template can hide it.</summary>
    private const string FrameStyle =
        "all:initial !important;display:block !important;margin:0 !important;padding:12px 16px !important;background:#f3f1ec !important;"
        + "color:#22201c !important;font:14px/1.5 Arial,sans-serif !important";

    private const string ButtonStyle =
        "display:inline-block;padding:12px 24px;background:#0b6e57;color:#ffffff;border-radius:8px;text-decoration:none;font-weight:600";

    public MessageBody Compose(Application application, string kind, string locale, MacroValues values) =>
        Compose(
            application,
            MessageTemplates.Resolve(application, locale, kind),
            kind,
            MessageTemplates.OfferedLocale(application, locale),
            values
        );

    /// <summary>Composes the message with this template, which need not be saved.</summary>
    public MessageBody Compose(Application application, Template template, string kind, string locale, MacroValues values)
    {
        var frame = IsFramed(application, template, kind, locale) ? Frame(application, kind, locale, values) : null;
        if (MessageKind.IsSms(kind))
        {
            var text = Plain(template.Html, application, values);
            return new MessageBody(
                "",
                frame is null ? text : $"{frame}: {text}",
                "",
                values.Code,
                values.Link,
                ExpiresAt: values.ExpiresAt
            );
        }

        var html = Html(WithLink(template, kind, locale), application, values);
        html = frame is null ? html : $"<div dir=\"auto\" style=\"{FrameStyle}\">{WebUtility.HtmlEncode(frame)}</div>\n{html}";
        return new MessageBody(
            Plain(template.Subject, application, values),
            HtmlToText.Convert(html),
            html,
            values.Code,
            values.Link,
            template.ReplyTo,
            values.QrCode,
            values.ExpiresAt
        );
    }

    /// <summary>
    /// Whether a message says at its top who sends it and why: one with a developer's own text, while the installation's provider sends the
    /// application's messages in the operator's name. The built-in texts say it themselves.
    /// </summary>
    public bool IsFramed(Application application, Template template, string kind, string locale) =>
        installation.FramesMessages
        && kind != MessageKind.ClickThrough
        && providers.UsesInstallation(application, MessageKind.IsSms(kind) ? MessageChannel.Sms : MessageChannel.Email)
        && template != MessageTemplates.BuiltIn(locale, kind);

    /// <summary>
    /// The application, the reason in the words of the built-in mail, and this server. For an SMS, which is short, the application.
    /// </summary>
    private string Frame(Application application, string kind, string locale, MacroValues values) =>
        MessageKind.IsSms(kind)
            ? application.Name
            : $"{application.Name}: {Plain(MessageTemplates.Heading(locale, kind), application, values)} "
                + $"({new Uri(installation.PublicUrl).Host})";

    /// <summary>
    /// A developer's text of a mail whose code comes with a link gets the link at its end: guesses of strangers can use a code up, and
    /// never the link.
    /// </summary>
    private static Template WithLink(Template template, string kind, string locale)
    {
        if (
            template.Html.Contains(TemplateMacros.Link, StringComparison.Ordinal)
            || MessageTemplates.LinkBesideCode(locale, kind) is not var (words, linkText)
        )
        {
            return template;
        }

        var end = template.Html.LastIndexOf("</body>", StringComparison.OrdinalIgnoreCase);
        return template with
        {
            Html = template.Html.Insert(end < 0 ? template.Html.Length : end, $"\n<p>{words}</p>\n<p>{TemplateMacros.Link}</p>\n"),
            LinkText = linkText,
        };
    }

    /// <summary>Renders a template's page, for example the click-through page.</summary>
    public string Page(Application application, string kind, string locale, MacroValues values) =>
        Html(MessageTemplates.Resolve(application, locale, kind), application, values);

    /// <summary>
    /// Composes a mail without an application. <paramref name="value"/> returns a macro's value; null for an unknown macro.
    /// </summary>
    public static MessageBody Compose(Template template, string? link, Func<string, string?> value)
    {
        var html = Html(template, link, value);
        return new MessageBody(Plain(template.Subject, value), HtmlToText.Convert(html), html, null, link);
    }

    private string Plain(string template, Application application, MacroValues values) =>
        Plain(template, name => Value(name, application, values));

    private string Html(Template template, Application application, MacroValues values) =>
        Html(template, values.Link, name => Value(name, application, values));

    /// <summary>For subjects and SMS: values unencoded, on one line.</summary>
    private static string Plain(string template, Func<string, string?> value) =>
        OneLine(Macro().Replace(template, macro => value(macro.Groups["name"].Value) ?? macro.Value));

    private static string Html(Template template, string? target, Func<string, string?> value) =>
        Macro()
            .Replace(
                template.Html,
                macro =>
                    macro.Groups["name"].Value switch
                    {
                        "LINK" when target is { } link && !IsInsideTag(template.Html, macro.Index) =>
                            $"<a href=\"{WebUtility.HtmlEncode(link)}\" "
                                + $"style=\"{ButtonStyle}\">{WebUtility.HtmlEncode(template.LinkText)}</a>",
                        var name => value(name) is { } text ? WebUtility.HtmlEncode(text) : macro.Value,
                    }
            );

    /// <summary>Whether the macro is inside a tag, that is, in an attribute; only plain text is allowed there.</summary>
    private static bool IsInsideTag(string html, int index) => html.LastIndexOf('<', index) > html.LastIndexOf('>', index);

    private string? Value(string macro, Application application, MacroValues values) =>
        macro switch
        {
            "APP_NAME" => application.Name,
            "HANDLE" => values.Handle,
            "CODE" => values.Code,
            "LINK" => values.Link,
            "CLIENT" => values.Client,
            "PROVIDER" => values.Provider,
            "TIME" => clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            _ => null,
        };

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    [GeneratedRegex("%(?<name>[A-Z_]+)%", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Macro();
}
