using System.Net.Mail;
using Latchkey.Applications;
using Latchkey.Contract;
using Latchkey.Data;

namespace Latchkey.Messages;

/// <summary>A developer's own templates: seen, replaced, and given up for the built-in ones.</summary>
public sealed class TemplateRules(Database database, ApplicationStore store, ApplicationDirectory directory, TimeProvider clock)
{
    private const int LongestSubject = 200;
    private const int LongestHtml = 64 * 1024;

    /// <summary>The template in use, and whether it is the application's own.</summary>
    public static (Template Template, bool IsOwn) Show(Application application, string locale, string kind) =>
        (Templates.Of(application, locale, kind), application.Templates.Any(own => own.Kind == kind && own.Locale == locale));

    /// <summary>602 with a sentence for what cannot be saved.</summary>
    public async Task<Result<Done>> Save(Application application, TemplateRow template)
    {
        if (Refusal(application, template) is { } why)
        {
            return ErrorCodes.InvalidData with { Message = why };
        }

        await database.Write(db => store.SaveTemplate(db, template with { AppId = application.Id, UpdatedAt = clock.Now() }));
        directory.Forget(application.Id);
        return default(Done);
    }

    /// <summary>Back to the built-in text.</summary>
    public async Task Reset(string appId, string locale, string kind)
    {
        await database.Write(db => store.DeleteTemplate(db, appId, locale, kind));
        directory.Forget(appId);
    }

    /// <summary>The macro without which a message of this kind is of no use; null when it needs none, or has it.</summary>
    public static string? MissingMacro(string kind, string html) => kind switch
    {
        MessageKind.SignUpLink => Missing("%LINK%", html),
        MessageKind.SignUp or MessageKind.ResetPassword or MessageKind.Invite or MessageKind.QrCode or MessageKind.Sms => Missing("%CODE%", html),
        _ => null,
    };

    private static string? Missing(string macro, string html) => html.Contains(macro, StringComparison.Ordinal) ? null : macro;

    private static string? Refusal(Application application, TemplateRow template)
    {
        if (!MessageKind.Editable.Contains(template.Kind, StringComparer.Ordinal))
        {
            return $"There is no template {template.Kind}. The templates are {string.Join(", ", MessageKind.Editable)}.";
        }

        if (!application.Settings.Locales.Contains(template.Locale, StringComparer.Ordinal))
        {
            return $"The application does not offer the locale {template.Locale}.";
        }

        if (template.Html.Trim().Length == 0 || template.Html.Length > LongestHtml || !Field.IsStorable(template.Html))
        {
            return $"The text has 1 to {LongestHtml} characters.";
        }

        if (template.Subject.Length > LongestSubject || template.Subject.Any(char.IsControl) || !Field.IsStorable(template.Subject) || template.LinkText.Length > LongestSubject || template.LinkText.Any(char.IsControl))
        {
            return $"Subject and link text have at most {LongestSubject} characters on one line.";
        }

        return template.ReplyTo.Length > 0 && !MailAddress.TryCreate(template.ReplyTo, out _) ? $"{template.ReplyTo} is not an address to reply to." : null;
    }
}
