using Latchkey.Provider.Devices;
using Latchkey.Provider.Pages;
using Latchkey.Users.Sessions;

namespace Latchkey.HostedPages;

/// <summary>
/// Where a user types the code of a device without a browser, and decides (RFC 8628 §3.3). Opening the complete address only fills the code
/// in.
/// </summary>
public static class DevicePages
{
    public const string Path = "device";
    public const string QuestionPath = "device/question";
    public const string ApprovedPath = "device/approved";
    public const string DeclinedPath = "device/declined";
    public const string CodeField = "user_code";

    /// <summary>On the login page: where the user goes on after it.</summary>
    private const string ContinueParameter = "continue";

    public static void MapDevicePages(this RouteGroupBuilder pages)
    {
        pages.MapGet(Path, Show);
        pages.MapPost(Path, TakeCode);
        pages.MapGet(QuestionPath, Ask);
        pages.MapPost(QuestionPath, Decide);
        pages.MapGet(ApprovedPath, (HttpContext context, PageRequests requests) => ShowEnd(context, requests, DeviceView.Approved));
        pages.MapGet(DeclinedPath, (HttpContext context, PageRequests requests) => ShowEnd(context, requests, DeviceView.Declined));
    }

    /// <summary>The address of the first page with the code of this request, if the user was on the way there; null otherwise.</summary>
    public static string? FindReturn(PageRequest page) =>
        page.Ready is null && page.Http.Request.Query[ContinueParameter] == Path ? Address(page, Path, CodeOf(page.Http)) : null;

    /// <summary>What the login page keeps in its address, so that <see cref="FindReturn"/> finds it; null for nothing.</summary>
    public static string? FindQuery(HttpContext context) =>
        context.Request.Query[ContinueParameter] == Path ? Query($"{ContinueParameter}={Path}", CodeOf(context)) : null;

    private static async Task<IResult> Show(HttpContext context, PageRequests requests, DeviceView view)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page switch
        {
            null => LoginPages.Instead(instead),
            { User: { } user } => view.Code(page, user, CodeOf(context)),
            _ => ToLogin(page),
        };
    }

    private static async Task<IResult> TakeCode(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageCookies cookies,
        DeviceDecisions decisions
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is not { User: { } user })
        {
            return page is null ? LoginPages.Instead(instead) : ToLogin(page);
        }

        if (await LoginPages.ReadForm(page, guard, CodeForm(user)) is not { } form)
        {
            return signIn.Stale(page, Path);
        }

        if ((await decisions.Find(page.Caller, user, form[CodeField])).Failed(out var question, out var refused))
        {
            return await signIn.Refuse(page, Path, "device", refused, user.User.Handle);
        }

        cookies.WriteTicket(context, page.Caller.Application, question.Ticket);
        return ProviderPages.SeeOther(Address(page, QuestionPath, null));
    }

    private static async Task<IResult> Ask(
        HttpContext context,
        PageRequests requests,
        PageCookies cookies,
        DeviceDecisions decisions,
        DeviceView view
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page switch
        {
            null => LoginPages.Instead(instead),
            { User: { } user } => cookies.ReadTicket(context, page.Caller.Application) is { } ticket
            && (await decisions.Open(page.Caller, user, ticket)).Value is { } question
                ? view.Question(page, user, question)
                : ProviderPages.SeeOther(Address(page, Path, null)),
            _ => ToLogin(page),
        };
    }

    private static async Task<IResult> Decide(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageCookies cookies,
        DeviceDecisions decisions
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is not { User: { } user })
        {
            return page is null ? LoginPages.Instead(instead) : ToLogin(page);
        }

        if (
            await LoginPages.ReadForm(page, guard, QuestionForm(user)) is not { } form
            || form["ticket"] is not { } ticket
            || form["action"] is not ("approve" or "decline")
        )
        {
            return signIn.Stale(page, Path);
        }

        cookies.DeleteTicket(context, page.Caller.Application);
        var isApproved = form["action"] == "approve";
        return (await decisions.Decide(page.Caller, user, ticket, isApproved)).Failed(out _, out var refused)
            ? await signIn.Refuse(page, Path, "device", refused, user.User.Handle)
            : ProviderPages.SeeOther(Address(page, isApproved ? ApprovedPath : DeclinedPath, null));
    }

    private static async Task<IResult> ShowEnd(HttpContext context, PageRequests requests, Func<PageRequest, IResult> view)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page is null ? LoginPages.Instead(instead) : view(page);
    }

    /// <summary>The forms are for this session: who signs in meanwhile in another tab is asked anew.</summary>
    public static string CodeForm(SessionUser user) => $"{Path} {user.Session.PublicId}";

    public static string QuestionForm(SessionUser user) => $"{QuestionPath} {user.Session.PublicId}";

    private static IResult ToLogin(PageRequest page) =>
        ProviderPages.SeeOther($"{page.Caller.Issuer}/{LoginPages.LoginPath}?{Query($"{ContinueParameter}={Path}", CodeOf(page.Http))}");

    /// <summary>The code of the address, if it can be one.</summary>
    private static string? CodeOf(HttpContext context) =>
        DeviceUserCode.Parse(context.Request.Query[CodeField].ToString()) is { } code ? DeviceUserCode.Show(code) : null;

    private static string Address(PageRequest page, string path, string? code) =>
        $"{page.Caller.Issuer}/{path}{(code is null ? "" : $"?{CodeField}={code}")}";

    private static string Query(string first, string? code) => code is null ? first : $"{first}&{CodeField}={code}";
}
