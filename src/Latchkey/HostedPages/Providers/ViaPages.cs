using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages.Providers;

/// <summary>The way to another provider and back, below <c>login/via/{provider}</c>.</summary>
public static class ViaPages
{
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

    /// <summary>In the address of the page: what it is for, where somebody is signed in already; empty for a sign-in.</summary>
    public static string QueryOf(SignInPurpose purpose) => NameOf(purpose) is { Length: > 0 } name ? $"{PurposeParameter}={name}" : "";

    /// <summary>What the form of the page is for: also who is signed in, where that counts.</summary>
    public static string FormOf(ViaRequest via, SignInPurpose purpose) => FormOf(via.Page, via.Alias, purpose);

    /// <inheritdoc cref="FormOf(ViaRequest, SignInPurpose)"/>
    public static string FormOf(PageRequest page, string alias, SignInPurpose purpose) =>
        ProviderButtons.FormOf(alias) + (NameOf(purpose) is { Length: > 0 } name ? $" {name} {page.User?.Session.PublicId}" : "");

    /// <summary>The field of the form that says what it is for, as HTML.</summary>
    public static string FieldOf(SignInPurpose purpose) =>
        $"<input type=\"hidden\" name=\"{PurposeParameter}\" value=\"{NameOf(purpose)}\">";

    /// <summary>The provider's page for this purpose again, which says what went wrong. The log has the cause.</summary>
    /// <param name="purpose">Not a sign-in: those begin on the sign-in page.</param>
    public static Task<IResult> Refuse(PageSignIn signIn, ViaRequest via, SignInPurpose purpose, Error error, string handle) =>
        signIn.Refuse(via.Page, via.Path(ViaPaths.Begin), ProviderSignIn.Action, error, handle, QueryOf(purpose));

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
        var purpose = Parse(context.Request.Query[PurposeParameter]);
        return via is null ? LoginPages.Instead(instead)
            : purpose == SignInPurpose.Login ? view.Begin(via)
            : via.Page.User is null ? ProviderPages.SeeOther(ViaLinkPages.AddressOfSignIn(via.Page))
            : view.Begin(via, FieldOf(purpose), FormOf(via, purpose));
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

        var purpose = Parse(form[PurposeParameter]);
        return !guard.IsOurs(context, via.Caller, form, FormOf(via, purpose))
            ? signIn.Stale(via.Page, via.Path(ViaPaths.Begin), QueryOf(purpose))
            : purpose switch
            {
                SignInPurpose.Link => await start.Link(via),
                SignInPurpose.Proof => await start.Prove(via),
                _ => await start.LogIn(via),
            };
    }

    private static async Task<IResult> Leave(HttpContext context, PageRequests requests, PageSignIn signIn, ViaStart start)
    {
        var (via, instead) = await Open(context, requests, signIn);
        return via is null ? LoginPages.Instead(instead)
            : start.ReadLeaving(via) is { } url ? ViaView.Leave(via, url)
            : signIn.Stale(via.Page, LoginPages.LoginPath);
    }

    /// <summary>As addresses and forms name it; empty for a sign-in.</summary>
    private static string NameOf(SignInPurpose purpose) =>
        purpose switch
        {
            SignInPurpose.Link => "link",
            SignInPurpose.Proof => "proof",
            _ => "",
        };

    private static SignInPurpose Parse(string? name) =>
        name == NameOf(SignInPurpose.Link) ? SignInPurpose.Link
        : name == NameOf(SignInPurpose.Proof) ? SignInPurpose.Proof
        : SignInPurpose.Login;
}
