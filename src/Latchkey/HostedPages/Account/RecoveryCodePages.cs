using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Users.Administration;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>How many recovery codes are left, and new ones, which are shown once.</summary>
public static class RecoveryCodePages
{
    public static void MapRecoveryCodePages(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.RecoveryCodes, needsProof: true, request => request.Settings.HasFactorPolicy);
        page.MapGet("", Show);
        page.MapPost("", Renew);
        var codes = AccountRoute.Map(account, AccountPaths.NewRecoveryCodes, isOffered: request => request.Settings.HasFactorPolicy);
        codes.MapGet("", ShowNew);
        codes.MapPost("", Leave);
    }

    private static async Task<IResult> Show(HttpContext context, AccountView view, UserSecondFactors factors)
    {
        var request = AccountApi.RequestOf(context);
        var (text, status) = (request.Text, await factors.Find(request.Settings, request.User));
        return FactorMethods.Of(request.Settings, request.User).Count == 0
            ? AccountApi.Go(request, AccountPaths.Factors)
            : view.Show(
                request,
                text.CodesHeading,
                _ =>
                    Card(
                        null,
                        $"<p>{E(Plain(text.CodesLeft, "N", $"{status.RecoveryCodesLeft}"))}</p><p>{E(text.CodesText)}</p>"
                            + view.Form(request, Button(text.CodesRenew))
                    ),
                AccountPaths.Factors
            );
    }

    private static async Task<IResult> Renew(HttpContext context, AccountNotes notes, AccountSteps steps, RecoveryCodeRules rules)
    {
        var request = AccountApi.RequestOf(context);
        if ((await rules.Renew(request.Caller)).Failed(out var renewed, out var refused))
        {
            return await notes.Refuse(request, "recoveryCodes", refused);
        }

        steps.Write(request, new AccountStep { RecoveryCodes = renewed.RecoveryCodes });
        return AccountApi.Go(request, AccountPaths.NewRecoveryCodes);
    }

    private static IResult ShowNew(HttpContext context, AccountView view, AccountSteps steps)
    {
        var request = AccountApi.RequestOf(context);
        return steps.Read(request) is not { RecoveryCodes: { } codes }
            ? AccountApi.Go(request, AccountPaths.Factors)
            : view.Show(
                request,
                request.Page.Text.RecoveryHeading,
                _ =>
                    Card(
                        null,
                        $"""
                        <p>{E(request.Page.Text.RecoveryCodesText)}</p>
                        <ul class="codes" dir="ltr">{string.Concat(codes.Select(code => $"<li>{E(code)}</li>"))}</ul>
                        {view.Form(request, Button(request.Page.Text.Kept))}
                        """
                    ),
                AccountPaths.Factors
            );
    }

    private static IResult Leave(HttpContext context, AccountSteps steps)
    {
        var request = AccountApi.RequestOf(context);
        steps.Delete(request);
        return AccountApi.Go(request, AccountPaths.Factors);
    }
}
