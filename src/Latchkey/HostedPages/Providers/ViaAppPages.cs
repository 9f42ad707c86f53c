using Latchkey.Core;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.IdentityProviders.Flow;

namespace Latchkey.HostedPages.Providers;

/// <summary>What a browser opens for an app that signs a user in with another provider (providerLogin).</summary>
public static class ViaAppPages
{
    public static void MapViaAppPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(ViaPaths.App, Show);
        pages.MapPost(ViaPaths.App, Begin);
    }

    private static async Task<IResult> Show(
        HttpContext context,
        PageRequests requests,
        PageSignIn signIn,
        ViaStart start,
        AppSignIn apps,
        ViaView view
    )
    {
        var (via, instead) = await ViaPages.Open(context, requests, signIn);
        return via is null ? LoginPages.Instead(instead)
            : apps.ReadTicket(via.Caller, via.Provider, TicketOf(context)) is not { } ticket
                ? await signIn.Refuse(via.Page, LoginPages.LoginPath, ProviderSignIn.Action, ErrorCodes.ProviderSignInEnded, handle: "")
            // Any app can have such a scheme (RFC 8252 §8.6): the user has to do something before the browser goes to one.
            : RedirectUris.IsAssured(ticket.RedirectUri) ? await start.App(via, ticket)
            : view.Begin(via, Hidden(TicketOf(context)), ViaPages.FormOf(via, SignInPurpose.App), via.Path(ViaPaths.App));
    }

    private static async Task<IResult> Begin(
        HttpContext context,
        PageRequests requests,
        PageSignIn signIn,
        FormGuard guard,
        ViaStart start,
        AppSignIn apps
    )
    {
        var (via, instead) = await ViaPages.Open(context, requests, signIn);
        return via is null ? LoginPages.Instead(instead)
            : await LoginPages.ReadForm(via.Page, guard, ViaPages.FormOf(via, SignInPurpose.App)) is { } form
            && apps.ReadTicket(via.Caller, via.Provider, form[AppSignIn.TicketParameter] ?? "") is { } ticket
                ? await start.App(via, ticket)
            : await signIn.Refuse(via.Page, LoginPages.LoginPath, ProviderSignIn.Action, ErrorCodes.ProviderSignInEnded, handle: "");
    }

    private static string TicketOf(HttpContext context) => context.Request.Query[AppSignIn.TicketParameter].ToString();

    private static string Hidden(string ticket) =>
        $"<input type=\"hidden\" name=\"{AppSignIn.TicketParameter}\" value=\"{PageRequest.E(ticket)}\">";
}
