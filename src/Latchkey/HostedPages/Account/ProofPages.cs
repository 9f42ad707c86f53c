using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.HostedPages.Providers;
using Latchkey.Provider.Pages;
using Latchkey.Users.Administration;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>
/// Where a user proves again who they are, for what needs a proof in the last 15 minutes, and goes on with it. The rules are those of
/// stepUpFactor and stepUp.
/// </summary>
public static class ProofPages
{
    private const string MethodParameter = "method";
    private const string SentParameter = "sent";

    public static void MapProofPage(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.Proof);
        page.MapGet("", Show);
        page.MapPost("", Take);
    }

    /// <summary>Of the page's address: where the user goes on, and how the user proves who they are.</summary>
    public static string QueryOf(AccountRequest request) => QueryOf(request, MethodOf(request), IsSent(request));

    private static async Task<IResult> Show(
        HttpContext context,
        AccountView view,
        PasskeyParts parts,
        PasskeyFactor passkeys,
        UserIdentities identities,
        FormGuard guard
    )
    {
        var request = AccountApi.RequestOf(context);
        var (method, providers) = (MethodOf(request), await ProofMethod.FindProviders(request, identities));
        var isPasskey = method == ProofMethod.Passkey;
        var passkey =
            isPasskey && (await passkeys.AskForStepUp(request.Caller)).Value is { } options
                ? parts.OnAccount(request, options, "get", request.Text.Proofs[ProofMethod.Passkey])
                : "";
        return view.Show(
            request,
            request.Text.ProofHeading,
            _ =>
                Card(
                    null,
                    $"""
                    <p>{E(method is null && providers.Count == 0 ? request.Text.ProofNone : request.Text.ProofText)}</p>
                    {(method is null ? "" : ProofForm.Html(view, request, method, IsSent(request), passkey))}
                    {Others(request, method)}
                    {ProviderButtons.Proofs(request.Page, guard, providers, isAlone: method is null)}
                    """
                ),
            scripts: isPasskey ? PasskeyParts.Scripts : null
        );
    }

    private static async Task<IResult> Take(
        HttpContext context,
        AccountNotes notes,
        FactorStepUp sms,
        MailStepUp mail,
        StepUpRules rules,
        CancellationToken stop
    )
    {
        var request = AccountApi.RequestOf(context);
        if (MethodOf(request) is not { } method)
        {
            return AccountApi.Go(request, AccountPaths.Proof, QueryOf(request));
        }

        if (request.Form["action"] == "send")
        {
            var sent = method == ProofMethod.Mail ? await mail.Send(request.Caller) : await sms.SendSms(request.Caller);
            return sent.Error is { } notSent
                ? await notes.Refuse(request, "stepUpFactor", notSent)
                : AccountApi.Go(request, AccountPaths.Proof, QueryOf(request, method, isSent: true));
        }

        return (await rules.Prove(request.Caller, Input(request, method), stop)).Error is { } refused
            ? await notes.Refuse(request, "stepUp", refused)
            : ProviderPages.SeeOther(
                AccountPaths.FindReturn(request.Http, request.Page.Caller.Issuer) ?? request.Address(AccountPaths.Overview)
            );
    }

    private static StepUpInput Input(AccountRequest request, string method)
    {
        var form = request.Form;
        var typed = form["code"] ?? "";
        return method switch
        {
            ProofMethod.Password => new StepUpInput(null, null, form["password"] ?? "", null, null, null),
            ProofMethod.Passkey => new StepUpInput(
                method,
                null,
                null,
                null,
                null,
                new PasskeyAnswerInput(form[PasskeyParts.TokenField] ?? "", form[PasskeyParts.CredentialField] ?? "")
            ),
            ProofMethod.Recovery => new StepUpInput(method, typed, null, null, null, null),
            _ => new StepUpInput(method, TypedCode.ParseSixDigits(typed), null, null, null, null),
        };
    }

    private static string Others(AccountRequest request, string? current)
    {
        var links = ProofMethod
            .Of(request)
            .Where(method => method != current)
            .Select(method =>
                $"<a href=\"{E(request.Address(AccountPaths.Proof, QueryOf(request, method, isSent: false)))}\">{E(
                    request.Text.Proofs[method]
                )}</a>"
            );
        return string.Concat(links) is { Length: > 0 } all ? $"<p class=\"links\">{all}</p>" : "";
    }

    /// <summary>The method of the address, if the user has it; else the user's first; null for a user who has none.</summary>
    private static string? MethodOf(AccountRequest request)
    {
        var (own, asked) = (ProofMethod.Of(request), request.Http.Request.Query[MethodParameter].ToString());
        return own.Contains(asked, StringComparer.Ordinal) ? asked
            : own.Count > 0 ? own[0]
            : null;
    }

    private static bool IsSent(AccountRequest request) => request.Http.Request.Query[SentParameter] == "1";

    private static string QueryOf(AccountRequest request, string? method, bool isSent)
    {
        string?[] parts =
        [
            AccountPaths.FindQuery(request.Http),
            method is null ? null : $"{MethodParameter}={method}",
            isSent ? $"{SentParameter}=1" : null,
        ];
        return string.Join('&', parts.Where(part => part is not null));
    }
}
