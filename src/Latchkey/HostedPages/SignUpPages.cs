using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages;

/// <summary>
/// Where somebody signs up: the form, the page that waits for the mailed code or link, and the choice of a user name. The link itself opens
/// <see cref="ConfirmPages"/>.
/// </summary>
public static class SignUpPages
{
    public const string Path = "signup";
    public const string MailPath = "signup/mail";
    public const string NamePath = "signup/name";

    public static void MapSignUpPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(Path, Show);
        pages.MapPost(Path, SignUp);
        pages.MapGet(MailPath, ShowMail);
        pages.MapPost(MailPath, TakeCode);
        pages.MapGet(NamePath, ShowName);
        pages.MapPost(NamePath, TakeName);
    }

    private static async Task<IResult> Show(HttpContext context, PageRequests requests, AuthorizationFlow flow, SignUpView view)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page switch
        {
            null => LoginPages.Instead(instead),
            { Ready: { } ready } when !LoginPages.IsNeeded(flow, ready) => await requests.Continue(page, ready),
            { Ready: null, User: { } user } => LoginView.SignedIn(page, user),
            { Caller.Application.Settings.SignupEnabled: false } => SignUpView.Closed(page),
            _ => view.Form(page),
        };
    }

    private static async Task<IResult> SignUp(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageSignUp signUp,
        AuthorizationFlow flow
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is null)
        {
            return LoginPages.Instead(instead);
        }

        if (await LoginPages.ReadForm(page, guard, Path) is not { } form)
        {
            return signIn.Stale(page, Path);
        }

        return (form["action"], page.Ready) switch
        {
            ("cancel", { } ready) => await requests.Go(context, page.Caller, await flow.Deny(page.Caller, ready)),
            _ when !page.Caller.Application.Settings.SignupEnabled => ProviderPages.SeeOther(page.Address(Path)), // which says so
            ("passwordless", _) => await signUp.RequestWithoutPassword(page, form),
            _ => await signUp.Request(page, form),
        };
    }

    private static async Task<IResult> ShowMail(HttpContext context, PageRequests requests, PageCookies cookies, SignUpView view)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page is null ? LoginPages.Instead(instead)
            : cookies.ReadSignUp(context, page.Caller.Application) is { } step ? view.Mail(page, step)
            : ProviderPages.SeeOther(page.Address(Path));
    }

    private static async Task<IResult> TakeCode(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageCookies cookies,
        PageSignUp signUp
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is null)
        {
            return LoginPages.Instead(instead);
        }

        return await LoginPages.ReadForm(page, guard, MailPath) is not { } form ? signIn.Stale(page, MailPath)
            : cookies.ReadSignUp(context, page.Caller.Application) is not { } step || !page.Caller.Application.Settings.SignupEnabled
                ? ProviderPages.SeeOther(page.Address(Path))
            : form["action"] == "again" ? await signUp.SendAgain(page, step)
            : await signUp.Complete(page, step, form["code"] ?? "");
    }

    private static async Task<IResult> ShowName(HttpContext context, PageRequests requests, PageSignUp signUp, SignUpView view)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page switch
        {
            null => LoginPages.Instead(instead),
            { User: { } user } when PageSignUp.NeedsName(page, user.User) => view.Name(page, user),
            _ => await signUp.AfterName(page),
        };
    }

    private static async Task<IResult> TakeName(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageSignUp signUp
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is null)
        {
            return LoginPages.Instead(instead);
        }

        return page.User is not { } user || await LoginPages.ReadForm(page, guard, SignUpView.NameForm(user)) is not { } form
                ? signIn.Stale(page, NamePath)
            : form["action"] == "later" ? await signUp.AfterName(page)
            : await signUp.SetName(page, user, form["userName"] ?? "");
    }
}
