using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages;

/// <summary>The pages of the second factor: its code, setting one up, and the recovery codes that this gives.</summary>
public static class FactorPages
{
    public static void MapFactorPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(LoginPages.FactorPath, Show);
        pages.MapPost(LoginPages.FactorPath, Take);
        pages.MapGet(LoginPages.RecoveryCodesPath, ShowRecoveryCodes);
        pages.MapPost(LoginPages.RecoveryCodesPath, LeaveRecoveryCodes);
    }

    private static async Task<IResult> Show(HttpContext context, PageRequests requests, PageCookies cookies, FactorView view)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page is null ? LoginPages.Instead(instead)
            : cookies.ReadStep(context, page.Caller.Application) is { LoginToken: not null } step
                ? await view.Show(page, step, context.Request.Query["method"].ToString())
            : ProviderPages.SeeOther(page.Address(LoginPages.LoginPath));
    }

    private static async Task<IResult> Take(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageCookies cookies,
        FactorSignIn factors
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is null)
        {
            return LoginPages.Instead(instead);
        }

        if (cookies.ReadStep(context, page.Caller.Application) is not { LoginToken: { } token } step)
        {
            return signIn.Stale(page, LoginPages.LoginPath);
        }

        return await LoginPages.ReadForm(page, guard, LoginPages.FactorPath) is not { } form
            ? signIn.Stale(page, LoginPages.FactorPath)
            : form["action"] switch
            {
                "sms" => await factors.SendSms(page, token),
                "enroll-otp" => await factors.StartAuthenticator(page, step, token),
                "enroll-sms" => await factors.StartPhone(page, step, token, form),
                _ => await factors.Complete(page, step, token, form),
            };
    }

    private static async Task<IResult> ShowRecoveryCodes(HttpContext context, PageRequests requests, PageCookies cookies, FactorView view)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page is null ? LoginPages.Instead(instead)
            : cookies.ReadStep(context, page.Caller.Application) is { RecoveryCodes: { } codes } ? view.ShowRecoveryCodes(page, codes)
            : ProviderPages.SeeOther(page.Address(LoginPages.LoginPath));
    }

    private static async Task<IResult> LeaveRecoveryCodes(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageCookies cookies
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is null)
        {
            return LoginPages.Instead(instead);
        }

        if (await LoginPages.ReadForm(page, guard, LoginPages.RecoveryCodesPath) is null)
        {
            return signIn.Stale(page, LoginPages.RecoveryCodesPath);
        }

        cookies.DeleteStep(context, page.Caller.Application);
        return ProviderPages.SeeOther(page.Address(LoginPages.LoginPath)); // which goes on by itself
    }
}
