using Latchkey.Api.PasswordReset;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Pages;
using Latchkey.Users.Passwords;

namespace Latchkey.HostedPages;

/// <summary>What the forms for a new password do. The rules are those of the API's forgotPassword and resetPassword.</summary>
public sealed class PageReset(ForgotPassword forgot, ResetPassword rules, PageSignIn signIn, PageCookies cookies)
{
    private const string RequestAction = "forgotPassword";

    public async Task<IResult> Request(PageRequest page, string handle)
    {
        if (await Send(page, handle) is { } refused)
        {
            return await signIn.Refuse(page, ResetPages.ForgotPath, RequestAction, refused, handle);
        }

        var step = new MailedStep { Handle = Strings.Truncate(handle, 320), Request = page.RequestText };
        cookies.WriteReset(page.Http, page.Caller.Application, step);
        return ProviderPages.SeeOther(page.Address(ResetPages.Path));
    }

    public async Task<IResult> SendAgain(PageRequest page, MailedStep step) =>
        await Send(page, step.Handle) is { } refused
            ? await signIn.Refuse(page, ResetPages.Path, RequestAction, refused, step.Handle)
            : signIn.Tell(page, ResetPages.Path, PageNote.MailedAgain, step.Handle);

    /// <summary>Sets the new password. Whoever did so signs in with it: a second factor is asked for then, as always.</summary>
    /// <param name="page">The page.</param>
    /// <param name="handle">Whose password.</param>
    /// <param name="code">As it was typed, or a link's token.</param>
    /// <param name="form">With the password.</param>
    /// <param name="query">Of the address of the page that says what is wrong.</param>
    public async Task<IResult> Complete(PageRequest page, string handle, string code, OAuthParameters form, string query)
    {
        var typed = new RawPassword(form["password"] ?? "");
        var error = PasswordPolicy.ParseTyped(page.Caller.Application.Settings, typed).Failed(out var password, out var weak)
            ? ErrorCodes.PasswordPolicy.WithCause(weak.Cause ?? weak.Message)
            : (await rules.Reset(page.DiscreetApp, handle, password, TypedCode.ParseSixDigits(code))).Error;
        if (error is { } refused)
        {
            return await signIn.Refuse(page, ResetPages.Path, "resetPassword", refused, handle, query);
        }

        cookies.DeleteReset(page.Http, page.Caller.Application);
        return signIn.Tell(page, LoginPages.LoginPath, PageNote.PasswordChanged, handle);
    }

    private async Task<Error?> Send(PageRequest page, string handle) =>
        handle.Trim().Length == 0
            ? ErrorCodes.InvalidData.WithCause("no handle")
            : (await forgot.RequestCode(page.DiscreetApp, handle, $"{page.Caller.Issuer}/{ResetPages.Path}")).Error;
}
