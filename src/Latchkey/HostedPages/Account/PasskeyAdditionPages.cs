using Latchkey.Api.Passkeys;
using Latchkey.Core;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>Makes a passkey. The rules are those of passkeyOptions and passkeyRegister.</summary>
public static class PasskeyAdditionPages
{
    private const string Action = "passkeyRegister";

    public static void MapPasskeyAdditionPage(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.AddPasskey, needsProof: true, request => request.PasskeysWork);
        page.MapGet("", Show);
        page.MapPost("", Add);
    }

    private static async Task<IResult> Show(HttpContext context, AccountView view, PasskeyParts parts, PasskeyRegistration registration)
    {
        var request = AccountApi.RequestOf(context);
        var (text, asked) = (request.Text, await registration.Ask(request.Caller));
        return view.Show(
            request,
            text.PasskeyAdd,
            _ =>
                Card(
                    null,
                    asked.Value is { } options
                        ? $"<p>{E(text.PasskeyAddText)}</p>" + parts.OnAccount(request, options, "create", text.PasskeyAdd)
                        : $"<p class=\"refused\" role=\"alert\">{E(text.Problems["tooManyPasskeys"])}</p>"
                ),
            AccountPaths.Passkeys,
            PasskeyParts.Scripts
        );
    }

    private static async Task<IResult> Add(HttpContext context, AccountNotes notes, AccountSteps steps, PasskeyRegistration registration)
    {
        var request = AccountApi.RequestOf(context);
        var (token, credential) = (request.Form[PasskeyParts.TokenField] ?? "", request.Form[PasskeyParts.CredentialField] ?? "");
        if ((await registration.Register(request.Caller, token, credential, rawName: null)).Failed(out var added, out var refused))
        {
            return await notes.Refuse(request, Action, refused);
        }

        if (added.RecoveryCodes is { } codes)
        {
            steps.Write(request, new AccountStep { RecoveryCodes = codes });
            return notes.Done(request, AccountPaths.NewRecoveryCodes, "factorOn");
        }

        return notes.Done(request, AccountPaths.Passkey, "passkeyAdded", $"{AccountPaths.IdParameter}={added.Passkey.Id}");
    }
}
