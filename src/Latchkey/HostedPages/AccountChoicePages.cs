using Latchkey.Applications.Branding;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>The page that asks who goes on: whoever is signed in, or somebody else.</summary>
public static class AccountChoicePages
{
    public static void MapAccountChoicePages(this RouteGroupBuilder pages)
    {
        pages.MapGet(LoginPages.AccountPath, Show);
        pages.MapPost(LoginPages.AccountPath, Choose);
    }

    private static async Task<IResult> Show(HttpContext context, PageRequests requests, FormGuard guard, AuthorizationFlow flow)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page switch
        {
            null => LoginPages.Instead(instead),
            { Ready: { User: { } user } ready } when flow.FindPage(ready) == AuthorizationPage.ChooseAccount => View(
                page,
                ready,
                user,
                guard
            ),
            { Ready: { } ready } => await requests.Continue(page, ready),
            _ => ProviderPages.SeeOther(page.Address(LoginPages.LoginPath)),
        };
    }

    private static async Task<IResult> Choose(
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

        return page.Ready is not { User: { } user } ready || await LoginPages.ReadForm(page, guard, What(user)) is not { } form
            ? signIn.Stale(page, LoginPages.AccountPath)
            : form["action"] switch
            {
                "other" => await requests.Continue(page, AuthorizationFlow.SwitchAccount(ready)),
                "cancel" => await requests.Go(context, page.Caller, await flow.Deny(page.Caller, ready)),
                _ => await requests.Continue(page, AuthorizationFlow.Choose(ready)),
            };
    }

    private static IResult View(PageRequest page, ReadyAuthorization ready, SessionUser user, FormGuard guard) =>
        page.Show(
            page.Text.AccountHeading,
            $"""
            <p>{Fill(page.Text.AccountText, ("CLIENT", ready.Client.Name))}</p>
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, What(user))}
            <button type="submit" name="action" value="continue" class="person">
            <span class="avatar" aria-hidden="true">{E(BrandFrame.Letter(user.User.Handle))}</span>
            <span>{Fill(page.Text.ContinueAs, ("HANDLE", user.User.Handle))}</span>
            </button>
            {LoginView.Button("other", page.Text.OtherAccount)}
            {LoginView.Button("cancel", page.Text.Cancel, "plain")}
            </form>
            """
        );

    /// <summary>The form is for this session: who signs in meanwhile in another tab is asked anew.</summary>
    private static string What(SessionUser user) => $"{LoginPages.AccountPath} {user.Session.PublicId}";
}
