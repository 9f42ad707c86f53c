using Latchkey.Core;
using Latchkey.Provider.Devices;
using Latchkey.Provider.Tokens;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>What the pages for devices look like (RFC 8628 §3.3.1, RFC 10027 §6).</summary>
public sealed class DeviceView(FormGuard guard, PageCookies cookies)
{
    /// <param name="code">Of the complete address, to be confirmed; null for none.</param>
    public IResult Code(PageRequest page, SessionUser user, string? code)
    {
        var text = page.Text;
        var note = cookies.TakeNote(page.Http, page.Caller.Application, DevicePages.Path);
        return page.Show(
            text.DeviceHeading,
            $"""
            <p>{Fill(text.SignedInAs, ("HANDLE", user.User.Handle))}</p>
            <p>{E(text.DeviceText)}</p>
            {NoteText.Html(text, note)}
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, DevicePages.CodeForm(user))}
            <label for="{DevicePages.CodeField}">{E(text.Code)}</label>
            <input id="{DevicePages.CodeField}" name="{DevicePages.CodeField}" type="text" value="{E(
                code ?? ""
            )}" autocomplete="off" autocapitalize="characters" spellcheck="false" dir="ltr" autofocus>
            <button type="submit">{E(text.Continue)}</button>
            </form>
            """,
            NoteText.Status(note)
        );
    }

    /// <summary>Who asks, for what, and from where. Both answers look alike.</summary>
    public IResult Question(PageRequest page, SessionUser user, DeviceQuestion question)
    {
        var (text, client) = (page.Text, question.Client.Name);
        return page.Show(
            Plain(text.DeviceQuestion, "CLIENT", client),
            $"""
            <p>{Fill(text.SignedInAs, ("HANDLE", user.User.Handle))}</p>
            <p>{Fill(text.ConsentText, ("CLIENT", client))}</p>
            {ScopeList.Html(page, question.Client, question.Request.Scopes, UserScopes.Split(question.Request.Resources))}
            <p>{Fill(text.DeviceFrom, ("BROWSER", Browser(page, question.Request)), ("ADDRESS", question.Request.Client))}</p>
            {Warning(page, question.Network)}
            <p><strong>{E(text.DeviceStarted)}</strong></p>
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, DevicePages.QuestionForm(user))}
            <input type="hidden" name="ticket" value="{E(question.Ticket)}">
            <button type="submit" name="action" value="decline">{E(text.DeviceDecline)}</button>
            <button type="submit" name="action" value="approve">{E(text.DeviceApprove)}</button>
            </form>
            """
        );
    }

    public static IResult Approved(PageRequest page) =>
        page.Show(page.Text.DeviceApprovedHeading, $"<p>{E(page.Text.DeviceApprovedText)}</p>");

    public static IResult Declined(PageRequest page) =>
        page.Show(page.Text.DeviceDeclinedHeading, $"<p>{E(page.Text.DeviceDeclinedText)}</p>");

    /// <summary>What the device says it is: a known name, never its own text.</summary>
    private static string Browser(PageRequest page, DeviceRequest request) =>
        BrowserName.Find(request.UserAgent) ?? page.Text.DeviceUnknown;

    private static string Warning(PageRequest page, DeviceNetwork network) =>
        network switch
        {
            DeviceNetwork.Other => $"<p class=\"refused\" role=\"alert\">{E(page.Text.DeviceOtherNetwork)}</p>",
            DeviceNetwork.SameDevice => $"<p>{E(page.Text.DeviceSame)}</p>",
            _ => "",
        };
}
