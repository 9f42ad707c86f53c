using Latchkey.Core;
using Latchkey.Provider.Pages;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>What the pages for a new password look like. They are the same for addresses with an account and without.</summary>
public sealed class ResetView(FormGuard guard, PageCookies cookies)
{
    public IResult Forgot(PageRequest page)
    {
        var text = page.Text;
        var note = cookies.TakeNote(page.Http, page.Caller.Application, ResetPages.ForgotPath);
        var handle = note?.Handle is { Length: > 0 } typed ? typed : page.Ready?.Request.LoginHint ?? "";
        var label = page.Caller.Application.Settings.UserNamesEnabled ? text.HandleOrName : text.Handle;
        return page.Show(
            text.ForgotHeading,
            $"""
            {LoginView.Client(page)}
            <p>{E(text.ForgotText)}</p>
            {NoteText.Html(text, note)}
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, ResetPages.ForgotPath)}
            <label for="handle">{E(label)}</label>
            <input id="handle" name="handle" type="text" inputmode="email" value="{E(
                handle
            )}" autocomplete="username" autocapitalize="none" spellcheck="false" dir="ltr" required{NoteText.Marks(note)}>
            <button type="submit">{E(text.SendMail)}</button>
            </form>
            <p class="links">{LoginView.Link(page, LoginPages.LoginPath, text.SignIn)}</p>
            """,
            NoteText.Status(note)
        );
    }

    /// <summary>For the code of the mail.</summary>
    public IResult Code(PageRequest page, MailedStep step)
    {
        var text = page.Text;
        var note = TakeNote(page);
        var key = guard.Input(page.Http, page.Caller.Application, ResetPages.Path);
        return Show(
            page,
            note,
            $"""
            <p>{Fill(text.ResetText, ("HANDLE", step.Handle))}</p>
            {NoteText.Html(text, note)}
            <form method="post">
            {key}
            {UserName(step.Handle)}
            {LoginView.CodeField(text.Code, IsWeak(note) ? "" : NoteText.Marks(note))}
            {PasswordInput.Html(page, text.NewPassword, IsWeak(note))}
            <button type="submit" name="action" value="save">{E(text.SavePassword)}</button>
            </form>
            <form method="post">{key}{LoginView.Button("again", text.MailAgain)}</form>
            <p class="links">{LoginView.Link(page, ResetPages.ForgotPath, text.OtherAddress)}</p>
            """
        );
    }

    /// <summary>For the link of the mail.</summary>
    public IResult Link(PageRequest page, MailedLinkQuery link)
    {
        var text = page.Text;
        var note = TakeNote(page);
        var hasEnded = note is not null && (note.Code == ErrorCodes.InvalidData.Code || note.Code == ErrorCodes.UserNamesDisabled.Code);
        return hasEnded
            ? Show(
                page,
                note,
                $"""
                <p class="refused" role="alert" id="{NoteText.Id}">{E(text.LinkEnded)}</p>
                <p class="links">{LoginView.Link(page, ResetPages.ForgotPath, text.MailAgain)}</p>
                """
            )
            : Show(
                page,
                note,
                $"""
                <p>{Fill(text.ResetLinkText, ("HANDLE", link.Handle))}</p>
                {NoteText.Html(text, note)}
                <form method="post">
                {guard.Input(page.Http, page.Caller.Application, link.FormOf(ResetPages.Path))}
                {UserName(link.Handle)}
                {PasswordInput.Html(page, text.NewPassword, IsWeak(note))}
                <button type="submit" name="action" value="save">{E(text.SavePassword)}</button>
                </form>
                """
            );
    }

    private static IResult Show(PageRequest page, PageNote? note, string body) =>
        page.Show(page.Text.ForgotHeading, LoginView.Client(page) + body, NoteText.Status(note));

    private PageNote? TakeNote(PageRequest page) => cookies.TakeNote(page.Http, page.Caller.Application, ResetPages.Path);

    private static bool IsWeak(PageNote? note) => note?.Code == ErrorCodes.PasswordPolicy.Code;

    /// <summary>For password managers, which else would not know whose password it is.</summary>
    private static string UserName(string handle) =>
        $"<input type=\"text\" name=\"username\" value=\"{E(handle)}\" autocomplete=\"username\" readonly hidden>";
}
