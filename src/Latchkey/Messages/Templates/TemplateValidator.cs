using System.Net.Mail;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Templates;

/// <summary>Validates a template field by field: errors that prevent saving, and warnings.</summary>
public static class TemplateValidator
{
    public const string Subject = "subject";
    public const string ReplyTo = "replyTo";
    public const string LinkText = "linkText";
    public const string Html = "html";

    public const int MaxSubjectLength = 200;
    public const int MaxHtmlLength = 64 * 1024;
    public const int MaxSmsLength = 1000;

    /// <summary>Maximum length with its macros expanded, each counted as <see cref="ExpandedMacroLength"/> characters.</summary>
    private const int MaxExpandedLength = 256 * 1024;
    private const int ExpandedMacroLength = 1000;

    /// <summary>Errors by field; empty when the template can be saved.</summary>
    public static IReadOnlyDictionary<string, string> Validate(TemplateRow template)
    {
        var refusals = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(
            Subject,
            ValidateLine(template.Subject, "A subject")
                ?? (HasSubject(template.Kind) && template.Subject.Trim().Length == 0 ? "Enter a subject." : null)
        );
        Add(ReplyTo, ValidateReplyTo(template.ReplyTo));
        Add(LinkText, ValidateLine(template.LinkText, "A link text"));
        Add(Html, ValidateText(template) ?? ValidateRequiredMacro(template));
        return refusals;

        void Add(string field, string? why)
        {
            if (why is not null)
            {
                refusals[field] = why;
            }
        }
    }

    /// <summary>Warnings by field: likely mistakes that may be intended. A text that is too long is not checked.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Warnings(TemplateRow template) =>
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            [Subject] = HasSubject(template.Kind) ? TemplateMacros.FindUnknown(template.Kind, template.Subject) : [],
            [Html] = IsTooLong(template) ? [] : [.. Missing(template), .. TemplateMacros.FindUnknown(template.Kind, template.Html)],
        };

    /// <summary>Whether the text is too long to be read, filled in or shown.</summary>
    public static bool IsTooLong(TemplateRow template) => ValidateLength(template) is not null;

    /// <summary>Pages and SMS have no subject.</summary>
    public static bool HasSubject(string kind) => !MessageKind.IsSms(kind) && kind != MessageKind.ClickThrough;

    private static string? ValidateLine(string text, string what) =>
        text.Length > MaxSubjectLength || text.Any(char.IsControl) || !Field.IsStorable(text)
            ? $"{what} can have at most {MaxSubjectLength} characters on one line. This one has {text.Length}."
            : null;

    /// <summary>Only a bare address is allowed.</summary>
    private static string? ValidateReplyTo(string text) =>
        text.Length == 0
        || (
            Field.IsStorable(text)
            && Handle.ParseEmail(text).Succeeded
            && MailAddress.TryCreate(text, out var address)
            && address.Address == text
        )
            ? null
            : "Enter one address, such as help@example.com, or leave it empty.";

    private static string? ValidateText(TemplateRow template) =>
        template.Html.Trim().Length == 0 ? "Enter a text, or restore the built-in one."
        : ValidateLength(template) is { } tooLong ? tooLong
        : Field.IsStorable(template.Html) ? null
        : "The text contains characters that cannot be stored.";

    /// <summary>A longer text would cost time and disk space with every message.</summary>
    private static string? ValidateLength(TemplateRow template)
    {
        var longest = MessageKind.IsSms(template.Kind) ? MaxSmsLength : MaxHtmlLength;
        if (template.Html.Length > longest)
        {
            return $"The text can have at most {longest} characters. This one has {template.Html.Length}.";
        }

        var macros = TemplateMacros
            .ForKind(template.Kind)
            .Select(macro => macro.Name)
            .Append($"cid:{MessageBody.QrCodeId}")
            .Sum(name => template.Html.AsSpan().Count(name));
        return template.Html.Length + (macros * ExpandedMacroLength) > MaxExpandedLength
            ? $"The text would be too long with its macros replaced. It has {macros} macros. Use fewer of them."
            : null;
    }

    /// <summary>
    /// A message must contain its code or link, or the user cannot continue. (The authenticator key is also shown in the app.)
    /// </summary>
    private static string? ValidateRequiredMacro(TemplateRow template) =>
        template.Kind != MessageKind.QrCode
        && TemplateMacros.RequiredBy(template.Kind) is { } needed
        && !ContainsVisibly(template.Html, template.Kind, needed)
        && !(needed == TemplateMacros.Code && template.Subject.Contains(needed, StringComparison.Ordinal))
            ? $"{needed} is missing. Without it, the message cannot be used. Add it where people can see it."
            : null;

    private static IEnumerable<string> Missing(TemplateRow template) =>
        TemplateMacros.RequiredBy(template.Kind) is { } needed && !ContainsVisibly(template.Html, template.Kind, needed)
            ?
            [
                template.Kind == MessageKind.QrCode
                    ? $"{needed} is missing. People who cannot scan the picture need the key to type."
                    : $"{needed} is missing in the text.",
            ]
            : [];

    private static bool ContainsVisibly(string html, string kind, string macro) =>
        html.Contains(macro, StringComparison.Ordinal)
        && (MessageKind.IsSms(kind) || HtmlToText.Convert(html).Contains(macro, StringComparison.Ordinal));
}
