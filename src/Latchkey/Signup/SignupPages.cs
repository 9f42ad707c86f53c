using System.Net;
using Latchkey.Applications;
using Latchkey.Contract;
using Latchkey.Messages;
using Latchkey.Tenancy;
using Latchkey.Users;

namespace Latchkey.Signup;

/// <summary>What a person sees who opens the link of a signup mail.</summary>
public sealed class SignupPages(Composer composer)
{
    /// <summary>One button, which completes; nothing about the code is told before it is pressed.</summary>
    public IResult Confirm(Application application, string handle, string code, string appToken)
    {
        static string E(string text) => WebUtility.HtmlEncode(text);
        return PlainPage.Of(
            $"Confirm your address for {application.Name}",
            $"""
            <p class="quiet">{E(application.Name)}</p>
            <h1>Confirm your e-mail address</h1>
            <p>Press the button to finish signing up with <strong>{E(handle.Trim())}</strong>.</p>
            <form method="post" action="/api/appuser/completeSignup?{CallerMiddleware.AppTokenQuery}={E(Uri.EscapeDataString(appToken))}">
            <input type="hidden" name="handle" value="{E(handle)}">
            <input type="hidden" name="code" value="{E(code)}">
            <input type="hidden" name="fromPage" value="1">
            <button type="submit">Confirm my address</button>
            </form>
            """);
    }

    /// <summary>The application's click-through page.</summary>
    public IResult ClickThrough(Application application, User user) =>
        PlainPage.Sandboxed(composer.Page(application, MessageKind.ClickThrough, user.Locale, new MacroValues(user.Handle, "")));
}
