using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>Sets an authenticator app up: its key as a picture and as text, and then its first code.</summary>
public static class AuthenticatorPages
{
    public static void MapAuthenticatorPage(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.Authenticator, needsProof: true, request => request.Settings.AllowsAuthenticator);
        page.MapGet("", Show);
        page.MapPost("", Take);
    }

    private static IResult Show(HttpContext context, AccountView view, AccountSteps steps)
    {
        var request = AccountApi.RequestOf(context);
        var (text, step) = (request.Text, steps.Read(request));
        return view.Show(
            request,
            text.OtpHeading,
            _ =>
                Card(
                    null,
                    step is { KeyUri: { } uri, Key: { } key }
                        ? $"""
                        <p>{E(request.Page.Text.EnrollOtpText)}</p>
                        <p class="picture"><img src="{AuthenticatorKey.ImageOf(uri)}" alt="" width="220" height="220"></p>
                        <p class="key" dir="ltr">{E(key)}</p>
                        {view.Form(request, LoginView.CodeField(request.Page.Text.Code) + Button(request.Page.Text.Continue, "confirm"))}
                        """
                        : $"<p>{E(request.User.TwoFactorGoogle ? text.OtpReplaceText : text.OtpText)}</p>"
                            + view.Form(request, Button(text.OtpStart, "start"))
                ),
            AccountPaths.Factors
        );
    }

    private static async Task<IResult> Take(HttpContext context, AccountNotes notes, AccountSteps steps, AuthenticatorSetup setup)
    {
        var request = AccountApi.RequestOf(context);
        return request.Form["action"] == "start" || steps.Read(request) is not { PendingKey: { } pending }
            ? await Begin(request, notes, steps, setup)
            : await Confirm(request, notes, steps, setup, pending);
    }

    private static async Task<IResult> Begin(AccountRequest request, AccountNotes notes, AccountSteps steps, AuthenticatorSetup setup)
    {
        if ((await setup.Begin(request.Caller)).Failed(out var begun, out var refused))
        {
            return await notes.Refuse(request, AuthenticatorSetup.Action, refused);
        }

        var (key, pending) = begun;
        steps.Write(
            request,
            new AccountStep
            {
                PendingKey = pending,
                KeyUri = key.KeyUri,
                Key = key.GoogleSecretKey,
            }
        );
        return AccountApi.Go(request, AccountPaths.Authenticator);
    }

    private static async Task<IResult> Confirm(
        AccountRequest request,
        AccountNotes notes,
        AccountSteps steps,
        AuthenticatorSetup setup,
        string pending
    )
    {
        var code = TypedCode.ParseSixDigits(request.Form["code"] ?? "");
        if ((await setup.Confirm(request.Caller, pending, code)).Failed(out var confirmed, out var refused))
        {
            return await notes.Refuse(request, AuthenticatorSetup.Action, refused);
        }

        if (confirmed.RecoveryCodes is { } codes)
        {
            steps.Write(request, new AccountStep { RecoveryCodes = codes });
            return notes.Done(request, AccountPaths.NewRecoveryCodes, "factorOn");
        }

        steps.Delete(request);
        return notes.Done(request, AccountPaths.Factors, "factorOn");
    }
}
