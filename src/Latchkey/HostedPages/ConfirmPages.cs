using Latchkey.Api.Signup;
using Latchkey.Core;
using Latchkey.Limits;
using Latchkey.Messages.Templates;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>
/// The page that the link of a sign-up mail opens. Opening it changes nothing, because scanners of mails open links too; the button
/// confirms the address. In the browser that signed up, the user is signed in then; elsewhere not, because whoever sent the link may want
/// somebody else in their account.
/// </summary>
public static class ConfirmPages
{
    public const string Path = "signup/confirm";
    public const string DonePath = "signup/confirmed";

    public static void MapConfirmPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(Path, Show);
        pages.MapPost(Path, Confirm);
        pages.MapGet(DonePath, ShowDone);
    }

    private static async Task<IResult> Show(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageCookies cookies,
        AuthorizationFlow flow
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is null)
        {
            return LoginPages.Instead(instead);
        }

        var link = MailedLinkQuery.Read(context.Request);
        return link is not null && cookies.ReadSignUp(context, page.Caller.Application) is { } step && link.IsForgotten(page, step, flow)
            ? ProviderPages.SeeOther(page.WithRequest(step.Request).Address(Path, link.Query))
            : View(page, link, guard, cookies);
    }

    private static async Task<IResult> Confirm(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageSignUp signUp,
        PageCookies cookies,
        SignupCompletion completion
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is null)
        {
            return LoginPages.Instead(instead);
        }

        if (MailedLinkQuery.Read(context.Request) is not { } link)
        {
            return ProviderPages.SeeOther(page.Address(Path)); // which says so
        }

        if (await LoginPages.ReadForm(page, guard, link.FormOf(Path)) is null)
        {
            return signIn.Stale(page, Path, link.Query);
        }

        var own = cookies.ReadSignUp(context, page.Caller.Application) is { } step && link.IsOf(step) ? step : null;
        var isHere = own is not null;
        var completed = page.Caller.Application.Settings.SignupEnabled
            ? await completion.Open(page.App, link.Handle, link.Token, isHere, own?.Draft)
            : ErrorCodes.SignupDisabled;
        return completed.Failed(out var registered, out var refused)
                ? await signIn.Refuse(page, Path, "completeSignup", refused, link.Handle, link.Query)
            : isHere ? await signUp.Enter(page, registered)
            : ProviderPages.SeeOther(page.Address(DonePath));
    }

    private static async Task<IResult> ShowDone(HttpContext context, PageRequests requests)
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page is null
            ? LoginPages.Instead(instead)
            : page.Show(
                page.Text.ConfirmedHeading,
                $"""
                <p>{E(page.Text.ConfirmedText)}</p>
                <p class="links">{LoginView.Link(page, LoginPages.LoginPath, page.Text.SignIn)}</p>
                """
            );
    }

    private static IResult View(PageRequest page, MailedLinkQuery? link, FormGuard guard, PageCookies cookies)
    {
        var words = MessageTemplates.ConfirmPage(page.Language.Tag);
        var note = cookies.TakeNote(page.Http, page.Caller.Application, Path);
        if (link is null)
        {
            note ??= new PageNote(Path, ErrorCodes.InvalidData.Code, "", 0);
        }

        var form = link is null
            ? ""
            : $"""
                <p>{Fill(words.Text, ("HANDLE", link.Handle))}</p>
                <form method="post">
                {guard.Input(page.Http, page.Caller.Application, link.FormOf(Path))}
                <button type="submit">{E(words.Button)}</button>
                </form>
                """;
        return page.Show(
            words.Heading,
            $"""
            {NoteText.Html(page.Text, note)}
            {(note is null or { WaitSeconds: > 0 } or { Code: PageNote.StaleForm } ? form : "")}
            {(note is null ? "" : $"<p class=\"links\">{LoginView.Link(page, LoginPages.LoginPath, page.Text.SignIn)}</p>")}
            """,
            NoteText.Status(note)
        );
    }
}
