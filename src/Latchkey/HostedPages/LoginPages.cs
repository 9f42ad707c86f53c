using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.HostedPages;

/// <summary>The page on which users sign in, and the one that takes a code in the place of a password.</summary>
public static class LoginPages
{
    public const string LoginPath = "login";
    public const string CodePath = "login/code";
    public const string FactorPath = "login/factor";
    public const string RecoveryCodesPath = "login/recovery-codes";
    public const string AccountPath = "login/account";

    public static void MapLoginPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(LoginPath, Show);
        pages.MapPost(LoginPath, SignIn);
        pages.MapGet(CodePath, ShowCode);
        pages.MapPost(CodePath, SignInByCode);
    }

    private static async Task<IResult> Show(
        HttpContext context,
        PageRequests requests,
        PageSignIn signIn,
        AuthorizationFlow flow,
        LoginView view
    )
    {
        var (page, instead) = await requests.Open(context, CallerOf(context));
        if (
            page is { User: { User.Id: var userId } }
            && (page.Ready is null || !IsNeeded(flow, page.Ready))
            && await signIn.FindOffer(page, userId) is { } offer
        )
        {
            return ProviderPages.SeeOther(offer);
        }

        return page switch
        {
            null => Instead(instead),
            // Signed in meanwhile, in another tab or by going back.
            { Ready: { } ready } when !IsNeeded(flow, ready) => await requests.Continue(page, ready),
            { User: not null } when PageSignIn.FindReturn(page) is { } address => ProviderPages.SeeOther(address),
            { Ready: null, User: { } user } => LoginView.SignedIn(page, user),
            _ => await view.Login(page),
        };
    }

    private static async Task<IResult> SignIn(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PasswordSignIn passwords,
        CodeSignIn codes,
        PasskeySignIn passkeys,
        AuthorizationFlow flow
    )
    {
        var (page, instead) = await requests.Open(context, CallerOf(context));
        if (page is null)
        {
            return Instead(instead);
        }

        if (await ReadForm(page, guard, LoginPath) is not { } form)
        {
            return signIn.Stale(page, LoginPath);
        }

        return (form["action"], page.Ready) switch
        {
            ("cancel", { } ready) => await requests.Go(context, page.Caller, await flow.Deny(page.Caller, ready)),
            ("code", _) => await codes.Request(page, form, LoginPath),
            ("passkey", _) => await passkeys.SignIn(page, form),
            _ => await passwords.SignIn(page, form),
        };
    }

    private static async Task<IResult> ShowCode(HttpContext context, PageRequests requests, PageCookies cookies, LoginView view)
    {
        var (page, instead) = await requests.Open(context, CallerOf(context));
        return page is null ? Instead(instead)
            : cookies.ReadStep(context, page.Caller.Application) is { CodeToken: not null } step ? view.Code(page, step)
            : ProviderPages.SeeOther(page.Address(LoginPath));
    }

    private static async Task<IResult> SignInByCode(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageCookies cookies,
        CodeSignIn codes
    )
    {
        var (page, instead) = await requests.Open(context, CallerOf(context));
        if (page is null)
        {
            return Instead(instead);
        }

        return await ReadForm(page, guard, CodePath) is not { } form ? signIn.Stale(page, CodePath)
            : cookies.ReadStep(context, page.Caller.Application) is { CodeToken: not null } step ? await codes.Complete(page, step, form)
            : signIn.Stale(page, LoginPath);
    }

    /// <summary>Whether a request waits for somebody to sign in or up. Whoever is asked to do the one may do the other.</summary>
    public static bool IsNeeded(AuthorizationFlow flow, ReadyAuthorization ready) =>
        flow.FindPage(ready) is AuthorizationPage.SignIn or AuthorizationPage.SignUp;

    /// <summary>The form, if this server gave it to this browser for this; null for any other.</summary>
    public static async Task<OAuthParameters?> ReadForm(PageRequest page, FormGuard guard, string what) =>
        (await OAuthParameters.ReadForm(page.Http.Request)).Value is { } form && guard.IsOurs(page.Http, page.Caller, form, what)
            ? form
            : null;

    public static ProviderCaller CallerOf(HttpContext context) => context.Features.GetRequiredFeature<ProviderCaller>();

    public static IResult Instead(IResult? instead) => instead ?? throw new InvalidOperationException("neither a page nor an answer");
}
