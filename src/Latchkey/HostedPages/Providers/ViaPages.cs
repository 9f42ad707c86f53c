using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages.Providers;

/// <summary>The way to another provider and back, below <c>login/via/{provider}</c>.</summary>
public static class ViaPages
{
    /// <summary>In the address of the page: the account is to be linked to whoever is signed in.</summary>
    public const string LinkQuery = "purpose=link";

    private const string PurposeParameter = "purpose";

    public static void MapViaPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(ViaPaths.Begin, Show);
        pages.MapPost(ViaPaths.Begin, Begin);
        pages.MapGet(ViaPaths.Leave, Leave);
        pages.MapViaAppPages();
        pages.MapViaAnswerPages();
        pages.MapViaSignUpPages();
        pages.MapViaLinkPages();
    }

    /// <summary>What the form of the page is for: also who is signed in, where that counts.</summary>
    public static string FormOf(ViaRequest via, bool isLink) =>
        ProviderButtons.FormOf(via.Alias) + (isLink ? $" link {via.Page.User?.Session.PublicId}" : "");

    /// <summary>The page's request for a provider that is on; what is answered in its place otherwise.</summary>
    public static async Task<(ViaRequest? Via, IResult? Instead)> Open(HttpContext context, PageRequests requests, PageSignIn signIn)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page is null ? (null, LoginPages.Instead(instead))
            : ViaRequest.Read(page).Failed(out var via, out var off)
                ? (null, await signIn.Refuse(page, LoginPages.LoginPath, ProviderSignIn.Action, off, handle: ""))
            : (via, null);
    }

    private static async Task<IResult> Show(HttpContext context, PageRequests requests, PageSignIn signIn, ViaView view)
    {
        var (via, instead) = await Open(context, requests, signIn);
        return via is null ? LoginPages.Instead(instead)
            : !IsLink(context) ? view.Begin(via)
            : via.Page.User is null ? ProviderPages.SeeOther(via.Page.Address(LoginPages.LoginPath))
            : view.Begin(via, "<input type=\"hidden\" name=\"purpose\" value=\"link\">", FormOf(via, isLink: true));
    }

    private static async Task<IResult> Begin(HttpContext context, PageRequests requests, PageSignIn signIn, FormGuard guard, ViaStart start)
    {
        var (via, instead) = await Open(context, requests, signIn);
        if (via is null)
        {
            return LoginPages.Instead(instead);
        }

        if ((await OAuthParameters.ReadForm(context.Request)).Value is not { } form)
        {
            return signIn.Stale(via.Page, via.Path(ViaPaths.Begin));
        }

        var isLink = form[PurposeParameter] == "link";
        return !guard.IsOurs(context, via.Caller, form, FormOf(via, isLink))
                ? signIn.Stale(via.Page, via.Path(ViaPaths.Begin), isLink ? LinkQuery : "")
            : isLink ? await start.Link(via)
            : await start.LogIn(via);
    }

    private static async Task<IResult> Leave(HttpContext context, PageRequests requests, PageSignIn signIn, ViaStart start)
    {
        var (via, instead) = await Open(context, requests, signIn);
        return via is null ? LoginPages.Instead(instead)
            : start.ReadLeaving(via) is { } url ? ViaView.Leave(via, url)
            : signIn.Stale(via.Page, LoginPages.LoginPath);
    }

    private static bool IsLink(HttpContext context) => context.Request.Query[PurposeParameter] == "link";
}
