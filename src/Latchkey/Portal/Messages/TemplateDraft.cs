using Latchkey.Applications;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;

namespace Latchkey.Portal.Messages;

/// <summary>A template as somebody types it.</summary>
public static class TemplateDraft
{
    /// <summary>The most that a posted draft takes, url-encoded: nine bytes a character and the other fields.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>The form's fields; what a kind has no field for stays as it is in <paramref name="now"/>.</summary>
    public static TemplateRow Read(Posted form, TemplateRow now) => now with
    {
        Subject = TemplateChecks.HasSubject(now.Kind) ? form[TemplateChecks.Subject].Trim() : now.Subject,
        ReplyTo = TemplateChecks.HasSubject(now.Kind) ? form[TemplateChecks.ReplyTo].Trim() : now.ReplyTo,
        LinkText = HasLink(now.Kind) ? form[TemplateChecks.LinkText].Trim() : now.LinkText,
        Html = form[TemplateChecks.Html],
    };

    /// <summary>The template to start from where the application has none of its own.</summary>
    public static TemplateRow BuiltIn(string appId, string locale, string kind)
    {
        var template = MessageTemplates.BuiltIn(locale, kind);
        return new() { AppId = appId, Locale = locale, Kind = kind, Subject = template.Subject, ReplyTo = template.ReplyTo, LinkText = template.LinkText, Html = template.Html };
    }

    public static bool HasLink(string kind) => TemplateMacros.NeededBy(kind) == TemplateMacros.Link;

    public static bool HasHtml(string kind) => kind != MessageKind.Sms;

    /// <summary>A page is opened, not sent.</summary>
    public static bool CanBeSent(string kind) => kind != MessageKind.ClickThrough;
}
