using Latchkey.Core;
using Latchkey.Provider.Consents;
using Latchkey.Provider.Tokens;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>The clients to which the user has allowed something. The rules are those of consents and revokeConsent.</summary>
public static class AppPages
{
    private const string ClientField = "client";

    public static void MapAppPage(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.Apps);
        page.MapGet("", Show);
        page.MapPost("", Revoke);
    }

    private static async Task<IResult> Show(HttpContext context, AccountView view, ConsentRules consents)
    {
        var request = AccountApi.RequestOf(context);
        var all = await consents.List(request.User);
        return view.Show(
            request,
            request.Text.AppsHeading,
            _ =>
                $"<p class=\"lead\">{E(all.Count > 0 ? request.Text.AppsText : request.Text.AppsNone)}</p>"
                + string.Concat(all.Select(one => Section(view, request, one)))
        );
    }

    private static async Task<IResult> Revoke(HttpContext context, AccountNotes notes, ConsentRules consents)
    {
        var request = AccountApi.RequestOf(context);
        var revoked = await consents.Revoke(request.User, request.Form[ClientField] ?? "", request.Actor);
        return await notes.Answer(request, "revokeConsent", revoked, AccountPaths.Apps, "revoked");
    }

    private static string Section(AccountView view, AccountRequest request, AllowedClient allowed)
    {
        var (consent, name) = allowed;
        string[] resources = [.. request.Application.Resources.Select(resource => resource.Id)];
        return $"""
            <section class="card"><h2><bdi>{E(name)}</bdi></h2>
            {ScopeList.Html(request.Page, resources, UserScopes.Split(consent.Scope), UserScopes.Split(consent.Resources))}
            {Terms([(request.Text.AllowedAt, Time(consent.CreatedAt))])}
            {view.Form(
                request,
                $"<input type=\"hidden\" name=\"{ClientField}\" value=\"{E(consent.ClientId)}\">"
                    + Button(request.Text.TakeBack, style: "second")
            )}
            </section>

            """;
    }
}
