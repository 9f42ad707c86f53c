using System.Net;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;

namespace Latchkey.Api.Signup;

/// <summary>The pages that a person sees after opening the link in a signup mail.</summary>
public sealed class SignupPages(MessageComposer composer)
{
    /// <summary>One button, which completes the signup. The page reveals nothing about the code before that.</summary>
    public IResult Confirm(Application application, string handle, string code, string appToken, string locale)
    {
        var words = MessageTemplates.ConfirmPage(locale);
        static string E(string text) => WebUtility.HtmlEncode(text);
        return LinkPages.Create(
            application,
            locale,
            words.Heading,
            $"""
            <p>{E(words.Text).Replace("%HANDLE%", $"<strong><bdi>{E(handle.Trim())}</bdi></strong>", StringComparison.Ordinal)}</p>
            <form method="post" action="~/api/appuser/completeSignup?{TokenAuthenticationMiddleware.AppTokenQuery}={E(
                Uri.EscapeDataString(appToken)
            )}">
            <input type="hidden" name="handle" value="{E(handle)}">
            <input type="hidden" name="code" value="{E(code)}">
            <input type="hidden" name="fromPage" value="1">
            <button type="submit">{E(words.Button)}</button>
            </form>
            """
        );
    }

    /// <summary>The application's click-through page.</summary>
    public IResult ClickThrough(Application application, User user) =>
        PlainPage.Sandboxed(composer.Page(application, MessageKind.ClickThrough, user.Locale, new MacroValues(user.Handle, "")));
}
