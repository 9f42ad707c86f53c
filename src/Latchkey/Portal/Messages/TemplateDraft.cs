using Latchkey.Applications;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;

namespace Latchkey.Portal.Messages;

/// <summary>A template as somebody types it.</summary>
public static class TemplateDraft
{
    /// <summary>The most that a posted draft takes, url-encoded: nine bytes a character and the other fields.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The form's fields; what a kind has no field for stays as it is in <paramref name="now"/>.</summary>
    public static TemplateRow Read(FormValues form, TemplateRow now) =>
        now with
        {
            Subject = TemplateValidator.HasSubject(now.Kind) ? form[TemplateValidator.Subject].Trim() : now.Subject,
            ReplyTo = TemplateValidator.HasSubject(now.Kind) ? form[TemplateValidator.ReplyTo].Trim() : now.ReplyTo,
            LinkText = HasLink(now.Kind) ? form[TemplateValidator.LinkText].Trim() : now.LinkText,
            Html = form[TemplateValidator.Html],
        };

    /// <summary>The template in use: the application's own, or the built-in one.</summary>
    public static async Task<TemplateRow> InUse(TemplateRules rules, string appId, string locale, string kind) =>
        await rules.Find(appId, locale, kind) ?? BuiltIn(appId, locale, kind);

    /// <summary>The template to start from where the application has none of its own.</summary>
    public static TemplateRow BuiltIn(string appId, string locale, string kind)
    {
        var template = MessageTemplates.BuiltIn(locale, kind);
        return new()
        {
            AppId = appId,
            Locale = locale,
            Kind = kind,
            Subject = template.Subject,
            ReplyTo = template.ReplyTo,
            LinkText = template.LinkText,
            Html = template.Html,
        };
    }

    public static bool HasLink(string kind) => TemplateMacros.RequiredBy(kind) == TemplateMacros.Link;

    /// <summary>What the field of the text is called.</summary>
    public static string BodyLabel(string kind) => HasHtml(kind) ? "HTML" : "Text";

    public static bool HasHtml(string kind) => !MessageKind.IsSms(kind);

    /// <summary>A page is opened, not sent.</summary>
    public static bool CanBeSent(string kind) => kind != MessageKind.ClickThrough;
}
