using Latchkey.Applications.Settings;
using Latchkey.HostedPages.Providers;
using Latchkey.Provider.Pages;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>What the sign-up pages look like.</summary>
public sealed class SignUpView(FormGuard guard, PageCookies cookies, PageSignUp signUp)
{
    public IResult Form(PageRequest page)
    {
        var (text, settings) = (page.Text, page.Caller.Application.Settings);
        var note = cookies.TakeNote(page.Http, page.Caller.Application, SignUpPages.Path);
        var handle = note?.Handle is { Length: > 0 } typed ? typed : page.Ready?.Request.LoginHint ?? "";
        var isAboutPassword = note?.Code == Core.ErrorCodes.PasswordPolicy.Code;
        var isAboutHandle = note is not null && !isAboutPassword && note.Fields.Count == 0;
        return page.Show(
            Plain(text.SignUpTo, "APP_NAME", page.Caller.Application.Name),
            $"""
            {LoginView.Client(page)}
            {NoteText.Html(text, note)}
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, SignUpPages.Path)}
            <label for="handle">{E(text.Handle)}</label>
            <input id="handle" name="handle" type="email" value="{E(
                handle
            )}" autocomplete="username" autocapitalize="none" spellcheck="false" dir="ltr" required{(
                isAboutHandle ? NoteText.Marks(note) : ""
            )}>
            {MetadataInputs.Html(settings, note)}
            {PasswordInput.Html(page, text.Password, isAboutPassword, isRequired: !signUp.AllowsNoPassword(page))}
            <button type="submit" name="action" value="sign-up">{E(text.SignUp)}</button>
            {(signUp.AllowsNoPassword(page) ? LoginView.Button("passwordless", text.SignUpWithoutPassword) : "")}
            {(page.Ready is null ? "" : LoginView.Button("cancel", text.Cancel, "plain"))}
            </form>
            {ProviderButtons.Html(page, guard)}
            <p class="links">{LoginView.Link(page, LoginPages.LoginPath, text.HaveAccount)}</p>
            {(page.Ready is { } ready ? ConsentPages.Links(page, ready) : "")}
            """,
            NoteText.Status(note)
        );
    }

    /// <summary>Where nobody can sign up.</summary>
    public static IResult Closed(PageRequest page) =>
        page.Show(
            page.Text.SignUpClosedHeading,
            $"""
            <p>{Fill(
                page.Caller.Application.Settings.InvitationEnabled ? page.Text.SignUpInvited : page.Text.SignUpClosed,
                ("APP_NAME", page.Caller.Application.Name)
            )}</p>
            <p class="links">{LoginView.Link(page, LoginPages.LoginPath, page.Text.HaveAccount)}</p>
            """,
            StatusCodes.Status403Forbidden
        );

    /// <summary>The page that waits for the mailed code or link. It is the same whether the address has an account or not.</summary>
    public IResult Mail(PageRequest page, MailedStep step)
    {
        var (text, application) = (page.Text, page.Caller.Application);
        var note = cookies.TakeNote(page.Http, application, SignUpPages.MailPath);
        var takesCode = application.Settings.SignupFlow != SignupFlow.Link;
        var key = guard.Input(page.Http, application, SignUpPages.MailPath);
        var codeForm = $"""
            <form method="post">
            {key}
            {LoginView.CodeField(text.Code, NoteText.Marks(note))}
            <button type="submit" name="action" value="code">{E(text.Continue)}</button>
            </form>
            """;
        return page.Show(
            text.MailHeading,
            $"""
            {LoginView.Client(page)}
            <p>{Fill(takesCode ? text.MailCodeText : text.MailLinkText, ("HANDLE", step.Handle))}</p>
            {NoteText.Html(text, note)}
            {(takesCode ? codeForm : "")}
            {(step.Draft is null ? "" : $"<form method=\"post\">{key}{LoginView.Button("again", text.MailAgain)}</form>")}
            <p class="links">{(takesCode ? "" : LoginView.Link(page, LoginPages.LoginPath, text.LinkOpened))}{LoginView.Link(
                page,
                SignUpPages.Path,
                text.OtherAddress
            )}{(takesCode ? LoginView.Link(page, LoginPages.LoginPath, text.HaveAccount) : "")}</p>
            """,
            NoteText.Status(note)
        );
    }

    public IResult Name(PageRequest page, SessionUser user)
    {
        var text = page.Text;
        var note = cookies.TakeNote(page.Http, page.Caller.Application, SignUpPages.NamePath);
        return page.Show(
            text.UserNameHeading,
            $"""
            {NoteText.Html(text, note)}
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, NameForm(user))}
            <label for="user-name">{E(text.UserName)}</label>
            <input id="user-name" name="userName" type="text" value="{E(
                note?.Handle ?? ""
            )}" autocomplete="nickname" autocapitalize="none" spellcheck="false" dir="ltr" maxlength="64" aria-describedby="{(
                note is null ? "rule" : $"{NoteText.Id} rule"
            )}"{(note is null ? "" : " aria-invalid=\"true\"")}>
            <p class="hint" id="rule">{E(text.UserNameText)}</p>
            <button type="submit" name="action" value="set">{E(text.Continue)}</button>
            {LoginView.Button("later", text.NotNow)}
            </form>
            """,
            NoteText.Status(note)
        );
    }

    /// <summary>The form is for this session: who signs in meanwhile in another tab is asked anew.</summary>
    public static string NameForm(SessionUser user) => $"{SignUpPages.NamePath} {user.Session.PublicId}";
}
