using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>The page that says what a client gets, and asks whether it may.</summary>
public static class ConsentPages
{
    private const string Path = "consent";

    public static void MapConsentPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(Path, Show);
        pages.MapPost(Path, Decide);
    }

    private static async Task<IResult> Show(HttpContext context, PageRequests requests, FormGuard guard, AuthorizationFlow flow)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page switch
        {
            null => LoginPages.Instead(instead),
            { Ready: { User: { } user } ready } when flow.FindPage(ready) == AuthorizationPage.Consent => View(page, ready, user, guard),
            { Ready: { } ready } => await requests.Continue(page, ready),
            _ => ProviderPages.SeeOther(page.Address(LoginPages.LoginPath)),
        };
    }

    private static async Task<IResult> Decide(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        AuthorizationFlow flow
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is null)
        {
            return LoginPages.Instead(instead);
        }

        if (page.Ready is not { User: { } user } ready || await LoginPages.ReadForm(page, guard, What(ready, user)) is not { } form)
        {
            return signIn.Stale(page, Path);
        }

        return form["action"] switch
        {
            "allow" when flow.FindPage(ready) == AuthorizationPage.Consent => await requests.Go(
                context,
                page.Caller,
                await flow.Allow(page.Caller, ready)
            ),
            "allow" => await requests.Continue(page, ready),
            "other" => await requests.Continue(page, AuthorizationFlow.SwitchAccount(ready)),
            _ => await requests.Go(context, page.Caller, await flow.Deny(page.Caller, ready)),
        };
    }

    private static IResult View(PageRequest page, ReadyAuthorization ready, SessionUser user, FormGuard guard)
    {
        var (text, client) = (page.Text, ready.Client.Name);
        return page.Show(
            Plain(text.ConsentHeading, "CLIENT", client),
            $"""
            <p>{Fill(text.SignedInAs, ("HANDLE", user.User.Handle))}</p>
            <p>{Fill(text.ConsentText, ("CLIENT", client))}</p>
            {ScopeList.Html(page, ready.Client, ready.Request.Scopes, ready.Request.Resources)}
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, What(ready, user))}
            <button type="submit" name="action" value="allow">{E(text.Allow)}</button>
            {LoginView.Button("deny", text.DoNotAllow)}
            {LoginView.Button("other", text.OtherAccount, "plain")}
            </form>
            <p class="quiet">{Fill(text.SentTo, ("HOST", Destination(ready.Request.RedirectUri)))}</p>
            {Links(page, ready)}
            """
        );
    }

    /// <summary>The client's terms and privacy policy; empty for none.</summary>
    public static string Links(PageRequest page, ReadyAuthorization ready)
    {
        var settings = ready.Client.Settings;
        var links = Link(settings.TermsUri, page.Text.Terms) + Link(settings.PolicyUri, page.Text.Privacy);
        return links.Length > 0 ? $"<p class=\"links\">{links}</p>" : "";

        string Link(string address, string label) =>
            address.StartsWith("https://", StringComparison.Ordinal)
                ? $"<a href=\"{E(address)}\" rel=\"noopener noreferrer\">{Fill(label, ("CLIENT", ready.Client.Name))}</a>"
                : "";
    }

    /// <summary>Where the user goes then: a host, or the scheme of an app.</summary>
    private static string Destination(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed)
            ? parsed.Scheme is "https" or "http"
                ? parsed.IdnHost
                : $"{parsed.Scheme}:"
            : uri;

    /// <summary>The form is for this session and for what the page showed.</summary>
    private static string What(ReadyAuthorization ready, SessionUser user) =>
        string.Join(
            '\n',
            Path,
            user.Session.PublicId,
            ready.Client.Id,
            ready.Request.RedirectUri,
            string.Join(' ', ready.Request.Scopes),
            string.Join(' ', ready.Request.Resources)
        );
}
