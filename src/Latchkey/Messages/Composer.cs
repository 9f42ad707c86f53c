using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Latchkey.Applications;

namespace Latchkey.Messages;

/// <summary>What the macros of a template stand for.</summary>
/// <param name="Handle">The user's address.</param>
/// <param name="Client">Where the request came from.</param>
/// <param name="Code">Six digits, if the message carries any.</param>
/// <param name="Link">An absolute URL, if the message carries one.</param>
/// <param name="Provider">Apple or Google, where the message names one.</param>
/// <param name="QrCode">A PNG in base64 that goes with the message.</param>
public sealed record MacroValues(string Handle, string Client, string? Code = null, string? Link = null, string? Provider = null, string? QrCode = null);

/// <summary>
/// Fills templates. A value is encoded for where its macro stands: text, attribute or subject; an unknown macro stays as it is,
/// and a value that looks like a macro is never expanded again.
/// </summary>
public sealed partial class Composer(TimeProvider clock)
{
    private const string ButtonStyle = "display:inline-block;padding:12px 24px;background:#0b6e57;color:#ffffff;border-radius:8px;text-decoration:none;font-weight:600";

    public MessageBody Compose(Application application, string kind, string locale, MacroValues values)
    {
        var template = Templates.Of(application, locale, kind);
        if (kind == MessageKind.Sms)
        {
            return new MessageBody("", Plain(template.Html, application, values), "", values.Code, null);
        }

        var html = Html(template, application, values);
        return new MessageBody(Plain(template.Subject, application, values), HtmlText.Of(html), html, values.Code, values.Link, template.ReplyTo, values.QrCode);
    }

    /// <summary>A page of a template, such as the click-through page.</summary>
    public string Page(Application application, string kind, string locale, MacroValues values) =>
        Html(Templates.Of(application, locale, kind), application, values);

    /// <summary>Subjects and SMS: values as they are, on one line.</summary>
    private string Plain(string template, Application application, MacroValues values) =>
        OneLine(Macro().Replace(template, macro => Value(macro.Groups["name"].Value, application, values) ?? macro.Value));

    private string Html(Template template, Application application, MacroValues values) =>
        Macro().Replace(template.Html, macro => macro.Groups["name"].Value switch
        {
            "LINK" when values.Link is { } link && !IsInsideTag(template.Html, macro.Index) => $"<a href=\"{WebUtility.HtmlEncode(link)}\" style=\"{ButtonStyle}\">{WebUtility.HtmlEncode(template.LinkText)}</a>",
            var name => Value(name, application, values) is { } value ? WebUtility.HtmlEncode(value) : macro.Value,
        });

    /// <summary>Inside a tag a macro is part of an attribute, where only its text fits.</summary>
    private static bool IsInsideTag(string html, int index) => html.LastIndexOf('<', index) > html.LastIndexOf('>', index);

    private string? Value(string macro, Application application, MacroValues values) => macro switch
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
