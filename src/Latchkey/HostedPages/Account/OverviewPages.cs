using Latchkey.Api.TwoFactor;
using Latchkey.Users.Administration;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>The page with the ways to all others: who is signed in, what is set up, and what needs attention.</summary>
public static class OverviewPages
{
    private const int FewCodes = 2;

    public static void MapOverviewPage(this RouteGroupBuilder account) => AccountRoute.Map(account, AccountPaths.Overview).MapGet("", Show);

    private static async Task<IResult> Show(HttpContext context, AccountView view, UserSecondFactors factors)
    {
        var request = AccountApi.RequestOf(context);
        var status = await factors.Find(request.Settings, request.User);
        var text = request.Text;
        return view.Show(
            request,
            text.AccountHeading,
            _ =>
                $"""
                {Card(
                    null,
                    $"<p>{Fill(request.Page.Text.SignedInAs, ("HANDLE", request.User.Handle))}</p>"
                        + $"<p class=\"links\"><a href=\"{E(request.Address("oauth2/logout"))}\">{E(request.Page.Text.SignOut)}</a></p>"
                )}
                {Attention(request, status)}
                {Card(null, $"<ul class=\"list\">{Rows(request)}</ul>")}
                """
        );
    }

    private static string Rows(AccountRequest request) =>
        string.Concat(AccountSections.Of(request).Select(section => Row(request, section)));

    private static string Row(AccountRequest request, AccountSection section)
    {
        var state = section.State.Length > 0 ? $" <span class=\"badge\">{E(section.State)}</span>" : "";
        return $"""
            <li><div><strong>{E(section.Label)}</strong>{state}</div>
            <a href="{E(request.Address(section.Path))}">{E(request.Text.Open)}<span class="unseen"> {E(section.Label)}</span></a></li>

            """;
    }

    private static string Attention(AccountRequest request, FactorStatus status)
    {
        var (text, user, settings) = (request.Text, request.User, request.Settings);
        var hasFactor = FactorMethods.Of(settings, user).Count > 0;
        string[] items =
        [
            .. user.EmailVerified ? Array.Empty<string>() : [E(text.AttentionEmail)],
            .. settings.HasFactorPolicy && !hasFactor ? [E(text.AttentionFactor)] : Array.Empty<string>(),
            .. settings.HasFactorPolicy && hasFactor && status.RecoveryCodesLeft <= FewCodes
                ? [E(text.AttentionCodes)]
                : Array.Empty<string>(),
        ];
        return items.Length == 0
            ? ""
            : Card(E(text.AttentionHeading), $"<ul>{string.Concat(items.Select(item => $"<li>{item}</li>"))}</ul>");
    }
}
