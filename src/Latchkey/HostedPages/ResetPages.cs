using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages;

/// <summary>Where somebody who forgot a password asks for a mail, and chooses a new one with its code or link.</summary>
public static class ResetPages
{
    public const string ForgotPath = "forgot";
    public const string Path = "reset";

    public static void MapResetPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(ForgotPath, ShowForgot);
        pages.MapPost(ForgotPath, Forgot);
        pages.MapGet(Path, Show);
        pages.MapPost(Path, Reset);
    }

    private static async Task<IResult> ShowForgot(HttpContext context, PageRequests requests, ResetView view)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page is null ? LoginPages.Instead(instead) : view.Forgot(page);
    }

    private static async Task<IResult> Forgot(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageReset reset
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page is null ? LoginPages.Instead(instead)
            : await LoginPages.ReadForm(page, guard, ForgotPath) is { } form ? await reset.Request(page, form["handle"] ?? "")
            : signIn.Stale(page, ForgotPath);
    }

    private static async Task<IResult> Show(
        HttpContext context,
        PageRequests requests,
        PageCookies cookies,
        AuthorizationFlow flow,
        ResetView view
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is null)
        {
            return LoginPages.Instead(instead);
        }

        var step = cookies.ReadReset(context, page.Caller.Application);
        return (MailedLinkQuery.Read(context.Request), step) switch
        {
            ({ } link, { } own) when link.IsForgotten(page, own, flow) => ProviderPages.SeeOther(
                page.WithRequest(own.Request).Address(Path, link.Query)
            ),
            ({ } link, _) => view.Link(page, link),
            (null, { } own) => view.Code(page, own),
            _ => ProviderPages.SeeOther(page.Address(ForgotPath)),
        };
    }

    private static async Task<IResult> Reset(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageCookies cookies,
        PageReset reset
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is null)
        {
            return LoginPages.Instead(instead);
        }

        var link = MailedLinkQuery.Read(context.Request);
        if (await LoginPages.ReadForm(page, guard, link?.FormOf(Path) ?? Path) is not { } form)
        {
            return signIn.Stale(page, Path, link?.Query ?? "");
        }

        return (link, cookies.ReadReset(context, page.Caller.Application)) switch
        {
            ({ } one, _) => await reset.Complete(page, one.Handle, one.Token, form, one.Query),
            (null, { } step) when form["action"] == "again" => await reset.SendAgain(page, step),
            (null, { } step) => await reset.Complete(page, step.Handle, form["code"] ?? "", form, query: ""),
            _ => ProviderPages.SeeOther(page.Address(ForgotPath)),
        };
    }
}
