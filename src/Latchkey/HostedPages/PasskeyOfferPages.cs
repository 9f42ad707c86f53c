using Latchkey.Api.Passkeys;
using Latchkey.Provider.Pages;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>The page that offers a passkey to somebody who has just signed in or up. Whoever wants none goes on.</summary>
public static class PasskeyOfferPages
{
    public const string Path = "login/passkey";

    public static void MapPasskeyOfferPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(Path, Show);
        pages.MapPost(Path, Decide);
    }

    /// <summary>The forms are for this session: who signs in meanwhile in another tab is asked anew.</summary>
    public static string FormOf(SessionUser user) => $"{Path} {user.Session.PublicId}";

    private static async Task<IResult> Show(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageCookies cookies,
        PasskeyParts passkeys
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        return page switch
        {
            null => LoginPages.Instead(instead),
            { User: { } user } when passkeys.IsOffered(page, user.User, user.Session) => await View(page, user, guard, cookies, passkeys),
            _ => await signIn.Continue(page),
        };
    }

    private static async Task<IResult> Decide(
        HttpContext context,
        PageRequests requests,
        FormGuard guard,
        PageSignIn signIn,
        PageCookies cookies,
        PasskeyParts passkeys,
        PasskeyRegistration registration
    )
    {
        var (page, instead) = await requests.Open(context, LoginPages.CallerOf(context));
        if (page is null)
        {
            return LoginPages.Instead(instead);
        }

        if (page.User is not { } user || await LoginPages.ReadForm(page, guard, FormOf(user)) is not { } form)
        {
            return signIn.Stale(page, Path);
        }

        var application = page.Caller.Application;
        if (form["action"] == "never")
        {
            cookies.RefusePasskeys(context, application);
        }

        if (form["action"] != "add" || !passkeys.AreUsable(page))
        {
            return await signIn.Continue(page);
        }

        var (token, credential) = (form[PasskeyParts.TokenField] ?? "", form[PasskeyParts.CredentialField] ?? "");
        var added = await registration.Register(page.CallerOf(user), token, credential, rawName: null);
        if (added.Failed(out var answer, out var refused))
        {
            return await signIn.Refuse(page, Path, "passkeyRegister", refused, user.User.Handle);
        }

        if (answer.RecoveryCodes is not { } codes)
        {
            return await signIn.Continue(page);
        }

        cookies.WriteStep(context, application, new SignInStep { RecoveryCodes = codes });
        return ProviderPages.SeeOther(page.Address(LoginPages.RecoveryCodesPath));
    }

    private static async Task<IResult> View(PageRequest page, SessionUser user, FormGuard guard, PageCookies cookies, PasskeyParts passkeys)
    {
        var text = page.Text;
        var note = cookies.TakeNote(page.Http, page.Caller.Application, Path);
        return page.Show(
            text.OfferHeading,
            $"""
            <p>{E(text.OfferText)}</p>
            {NoteText.Html(text, note)}
            {PasskeyParts.Missing(page)}
            {await passkeys.Offer(page, user)}
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, FormOf(user))}
            {LoginView.Button("later", text.NotNow)}
            {LoginView.Button("never", text.NeverAsk)}
            </form>
            """,
            NoteText.Status(note),
            scripts: PasskeyParts.Scripts
        );
    }
}
