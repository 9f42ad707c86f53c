using Latchkey.Api.LoginCodes;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Provider;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages;

/// <summary>Signing in by a code that is mailed or sent by SMS. The rules are those of the API's loginCode.</summary>
public sealed class CodeSignIn(
    LoginCodeRequests requests,
    LoginCodeCompletion completion,
    PageSignIn signIn,
    PageCookies cookies,
    AuthorizationLog log
)
{
    private const string RequestAction = "loginCode";

    /// <param name="page">The page.</param>
    /// <param name="form">With the handle.</param>
    /// <param name="path">Of the page that says what is wrong.</param>
    /// <param name="metaData">The user fields of somebody who signs up, a JSON document; null for none.</param>
    public async Task<IResult> Request(PageRequest page, OAuthParameters form, string path, string? metaData = null)
    {
        var (handle, application) = (form["handle"] ?? "", page.Caller.Application);
        string token;
        if ((await requests.Request(page.DiscreetApp, handle, page.Locale, metaData)).Failed(out var sent, out var refused))
        {
            if (!SaysWhoIsThere(refused))
            {
                return await signIn.Refuse(page, path, RequestAction, refused, handle);
            }

            // Whoever has no account here sees what all others see.
            var names = application.Settings.UserNamesEnabled;
            await log.Record(page.Caller, RequestAction, refused, Handle.ForLog(handle, names));
            token = Secrets.Token();
        }
        else
        {
            token = sent.RequestToken;
        }

        cookies.WriteStep(page.Http, application, new SignInStep { Handle = handle, CodeToken = token });
        return ProviderPages.SeeOther(page.Address(LoginPages.CodePath));
    }

    public async Task<IResult> Complete(PageRequest page, SignInStep step, OAuthParameters form)
    {
        var code = TypedCode.ParseSixDigits(form["code"] ?? "");
        var device = cookies.ReadDevice(page.Http, page.Caller.Application);
        var result = await completion.Complete(page.App, new LoginCodeProof(step.Handle, code, step.CodeToken ?? "", device));
        return result.Failed(out var answer, out var refused)
            ? await signIn.Refuse(page, LoginPages.CodePath, LoginCodeSignIn.Action, refused, step.Handle)
            : await signIn.Next(page, answer, step.Handle);
    }

    private static bool SaysWhoIsThere(Error error) =>
        error.Code == ErrorCodes.AccountNotFound.Code
        || error.Code == ErrorCodes.UserSuspended.Code
        || error.Code == ErrorCodes.InvalidMetadata.Code;
}
