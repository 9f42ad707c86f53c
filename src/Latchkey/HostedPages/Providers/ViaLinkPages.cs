using Latchkey.Api.Authentication;
using Latchkey.Api.Linking;
using Latchkey.HostedPages.Account;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages.Providers;

/// <summary>The offer to link an account, to whoever has proved it and has signed in as before.</summary>
public static class ViaLinkPages
{
    /// <summary>Where the user goes on after linking: to the list of the accounts, where there are such pages.</summary>
    public static string AddressOfList(PageRequest page) =>
        $"{page.Caller.Issuer}/{(page.Caller.Application.Settings.AccountPages ? AccountPaths.Links : LoginPages.LoginPath)}";

    /// <summary>Where the user proves anew who is there; null where there are no such pages.</summary>
    public static string? AddressOfProof(PageRequest page) =>
        page.Caller.Application.Settings.AccountPages
            ? $"{page.Caller.Issuer}/{AccountPaths.Proof}?{AccountPaths.QueryFor(page.Http, AccountPaths.Links)}"
            : null;

    /// <summary>Where nobody is signed in any more: to sign in, and back to where the user was on the way to.</summary>
    public static string AddressOfSignIn(PageRequest page) =>
        page.Caller.Application.Settings.AccountPages && AccountPaths.FindQuery(page.Http) is null
            ? page.Address(LoginPages.LoginPath, AccountPaths.QueryFor(page.Http, AccountPaths.Links))
            : page.Address(LoginPages.LoginPath);

    public static void MapViaLinkPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(ViaPaths.Link, Show);
        pages.MapPost(ViaPaths.Link, Decide);
    }

    private static async Task<IResult> Show(HttpContext context, PageRequests requests, PageSignIn signIn, ViaOffer offer, ViaView view)
    {
        var (via, instead) = await ViaPages.Open(context, requests, signIn);
        return via is null ? LoginPages.Instead(instead)
            : via.Page.User is { } user
            && await offer.Find(context, via.Caller.Application, user.User.Id) is { } found
            && found.IdentityScope == via.Provider.IdentityScope
                ? view.Link(via, user.User)
            : ProviderPages.SeeOther(via.Page.Address(LoginPages.LoginPath));
    }

    private static async Task<IResult> Decide(
        HttpContext context,
        PageRequests requests,
        PageSignIn signIn,
        ViaOffer offer,
        LinkRules links,
        FormGuard guard
    )
    {
        var (via, instead) = await ViaPages.Open(context, requests, signIn);
        if (via is null)
        {
            return LoginPages.Instead(instead);
        }

        if (
            via.Page.User is not { } user
            || await LoginPages.ReadForm(via.Page, guard, ViaView.LinkForm(via, user.User)) is not { } form
            || await offer.Take(context, via.Caller.Application, user.User.Id) is not { } identity
            || identity.IdentityScope != via.Provider.IdentityScope
        )
        {
            return signIn.Stale(via.Page, LoginPages.LoginPath);
        }

        if (form["action"] == "link")
        {
            if ((await links.Link(via.Page.CallerOf(user), identity.ToIdentity())).Error is { } refused)
            {
                return await ViaPages.Refuse(signIn, via, SignInPurpose.Link, refused, user.User.Handle);
            }
        }

        return await signIn.Continue(via.Page);
    }
}
