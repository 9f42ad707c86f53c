using System.Net;
using Latchkey.Api.Authentication;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;

namespace Latchkey.Api;

/// <summary>The pages behind the links of reset and invitation mails. They ask for a password.</summary>
public static class PasswordPages
{
    /// <summary>The prefix of a metadata field's name in the form; its path follows.</summary>
    public const string MetadataPrefix = "metaData.";

    /// <summary>A form with a password and a button. It reveals nothing about the code or the handle.</summary>
    public static IResult Form(PasswordPage page)
    {
        var words = MessageTemplates.PasswordPage(page.Locale, page.Kind);
        return LinkPages.Create(
            page.Application,
            page.Locale,
            Fill(words.Heading, page),
            $"""
            <p>{E(Fill(words.Text, page))}</p>
            {(page.IsWeak ? $"<p class=\"refused\" role=\"alert\" id=\"problem\">{E(Fill(words.Weak, page))}</p>" : "")}
            <form method="post" action="~/api/appuser/{page.Function}?{TokenAuthenticationMiddleware.AppTokenQuery}={E(
                Uri.EscapeDataString(page.AppToken)
            )}">
            <input type="hidden" name="handle" value="{E(page.Handle)}">
            <input type="hidden" name="code" value="{E(page.Code)}">
            <input type="hidden" name="locale" value="{E(page.Locale)}">
            <input type="hidden" name="fromPage" value="1">
            {string.Concat(page.Fields.Select(field => Input(field, page)))}
            <label for="password">{E(words.Label)}</label>
            <input id="password" name="password" type="password" autocomplete="new-password" dir="ltr" required{(
                page.IsWeak ? " aria-invalid=\"true\" aria-describedby=\"problem\"" : ""
            )}>
            <button type="submit">{E(words.Button)}</button>
            </form>
            """,
            page.IsWeak ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK
        );
    }

    /// <summary>The page after a password reset.</summary>
    public static IResult Done(PasswordPage page)
    {
        var words = MessageTemplates.PasswordPage(page.Locale, page.Kind);
        return LinkPages.Create(page.Application, page.Locale, Fill(words.DoneHeading, page), $"<p>{E(Fill(words.DoneText, page))}</p>");
    }

    private static string Input(MetadataField field, PasswordPage page) =>
        $"""
            <label for="{E(field.Path)}">{E(field.FieldName)}</label>
            <input id="{E(field.Path)}" name="{E(MetadataPrefix + field.Path)}" value="{E(
                page.Values.GetValueOrDefault(field.Path, "")
            )}" required>

            """;

    private static string Fill(string text, PasswordPage page) =>
        text.Replace("%APP_NAME%", page.Application.Name, StringComparison.Ordinal)
            .Replace("%HANDLE%", page.Handle.Trim(), StringComparison.Ordinal);

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
