using Latchkey.HostedPages.Account;
using Latchkey.HostedPages.Providers;
using Latchkey.Provider.Pages;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>What the sign-in pages look like.</summary>
public sealed class LoginView(FormGuard guard, PageCookies cookies, PasskeyParts passkeys)
{
    public async Task<IResult> Login(PageRequest page)
    {
        var (text, settings) = (page.Text, page.Caller.Application.Settings);
        var note = cookies.TakeNote(page.Http, page.Caller.Application, LoginPages.LoginPath);
        var handle = note?.Handle is { Length: > 0 } typed ? typed : page.Ready?.Request.LoginHint ?? "";
        var codes = settings.EmailCodeLogin || settings.SmsCodeLogin;
        var passkey = await passkeys.SignIn(page);
        var hasPasskeys = passkey.Length > 0;
        return page.Show(
            Plain(text.SignInTo, "APP_NAME", page.Caller.Application.Name),
            $"""
            {Client(page)}
            {NoteText.Html(text, note)}
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, LoginPages.LoginPath)}
            {(hasPasskeys ? $"<input type=\"hidden\" name=\"{PasskeyParts.CanField}\" value=\"\">" : "")}
            <label for="handle">{E(HandleLabel(page))}</label>
            <input id="handle" name="handle" type="text" value="{E(
                handle
            )}" autocomplete="{(
                hasPasskeys ? "username webauthn" : "username"
            )}" autocapitalize="none" spellcheck="false" dir="ltr"{NoteText.Marks(note)}>
            <label for="password">{E(text.Password)}</label>
            <input id="password" name="password" type="password" autocomplete="current-password" dir="ltr"{NoteText.Marks(note)}>
            <button type="submit" name="action" value="sign-in">{E(text.SignIn)}</button>
            {(codes ? Button("code", text.SendCode) : "")}
            {(page.Ready is null ? "" : Button("cancel", text.Cancel, "plain"))}
            </form>
            {ProviderButtons.Html(page, guard)}
            {passkey}
            <p class="links">{Link(page, ResetPages.ForgotPath, text.ForgotPassword)}{(
                settings.SignupEnabled ? Link(page, SignUpPages.Path, text.CreateAccount) : ""
            )}</p>
            """,
            NoteText.Status(note),
            scripts: hasPasskeys ? PasskeyParts.Scripts : null
        );
    }

    public IResult Code(PageRequest page, SignInStep step)
    {
        var text = page.Text;
        var note = cookies.TakeNote(page.Http, page.Caller.Application, LoginPages.CodePath);
        return page.Show(
            text.CodeHeading,
            $"""
            {Client(page)}
            <p>{Fill(text.CodeText, ("HANDLE", step.Handle))}</p>
            {NoteText.Html(text, note)}
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, LoginPages.CodePath)}
            {CodeField(text.Code)}
            <button type="submit">{E(text.Continue)}</button>
            </form>
            <p class="links"><a href="{E(page.Address(LoginPages.LoginPath))}">{E(text.StartAgain)}</a></p>
            """,
            NoteText.Status(note)
        );
    }

    /// <summary>Where nobody else waits for the user.</summary>
    public static IResult SignedIn(PageRequest page, SessionUser user) =>
        page.Show(
            page.Text.SignedInHeading,
            $"""
            <p>{Fill(page.Text.SignedInAs, ("HANDLE", user.User.Handle))} {E(page.Text.SignedInText)}</p>
            {AccountView.EntryLink(page)}
            """
        );

    /// <summary>The client that the user came from; empty for none.</summary>
    public static string Client(PageRequest page) =>
        page.Ready is { } ready ? $"<p class=\"lead\">{Fill(page.Text.ContinueTo, ("CLIENT", ready.Client.Name))}</p>" : "";

    /// <param name="look">A class of plain.css.</param>
    public static string Button(string action, string label, string look = "second") =>
        $"<button type=\"submit\" name=\"action\" value=\"{action}\" class=\"{look}\" formnovalidate>{E(label)}</button>";

    /// <summary>A way to another page, with the authorization request.</summary>
    public static string Link(PageRequest page, string path, string label) => $"<a href=\"{E(page.Address(path))}\">{E(label)}</a>";

    /// <param name="label">What the code is.</param>
    /// <param name="marks">As in <see cref="NoteText.Marks"/>.</param>
    public static string CodeField(string label, string marks = "") =>
        $"""
            <label for="code">{E(label)}</label>
            <input id="code" name="code" class="digits" type="text" inputmode="numeric" autocomplete="one-time-code" autocapitalize="none"
              spellcheck="false" dir="ltr" autofocus{marks}>
            """;

    public static string HandleLabel(PageRequest page) =>
        page.Caller.Application.Settings switch
        {
            { UserNamesEnabled: true } => page.Text.HandleOrName,
            { SmsCodeLogin: true } => page.Text.HandleOrPhone,
            _ => page.Text.Handle,
        };
}
