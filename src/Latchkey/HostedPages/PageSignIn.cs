using Latchkey.Api.Login;
using Latchkey.Core;
using Latchkey.HostedPages.Account;
using Latchkey.HostedPages.Providers;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;
using Latchkey.Provider.Sessions;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.HostedPages;

/// <summary>What follows a form by which somebody signs in: the next step, the way on, or the same page with what went wrong.</summary>
public sealed class PageSignIn(
    AuthorizationFlow flow,
    PageRequests requests,
    PageCookies cookies,
    BrowserSignIn browser,
    FormGuard guard,
    PasskeyParts passkeys,
    ViaOffer offers,
    AuthorizationLog log
)
{
    /// <summary>The user is signed in, or a second factor is asked for.</summary>
    /// <param name="canMakePasskey">The browser can make a passkey, so one may be offered.</param>
    public async Task<IResult> Next(PageRequest page, LoginResult result, string handle, bool canMakePasskey = false)
    {
        if (result is LoggedIn signedIn)
        {
            cookies.DeleteStep(page.Http, page.Caller.Application);
            return signedIn.IsNew
                ? await Welcome(page, signedIn.User, signedIn.Session)
                : await Enter(page, signedIn.User, signedIn.Session, canMakePasskey);
        }

        if (result is not SecondFactorRequired required)
        {
            throw new InvalidOperationException("a login ends signed in or with a second factor");
        }

        var answer = required.Answer;
        cookies.WriteStep(
            page.Http,
            page.Caller.Application,
            new SignInStep
            {
                Handle = handle,
                CanMakePasskey = canMakePasskey,
                LoginToken = answer.LoginToken,
                Methods = answer.Methods,
                Enroll = answer.Enroll,
            }
        );
        return ProviderPages.SeeOther(page.Address(LoginPages.FactorPath));
    }

    /// <summary>Signs in whoever has just signed up, in whichever way, and goes on by a user name and the offer of a passkey.</summary>
    public async Task<IResult> Welcome(PageRequest page, User user, Session session)
    {
        var next = await Remember(page, session);
        return PageSignUp.NeedsName(page, user) ? ProviderPages.SeeOther(next.Address(SignUpPages.NamePath))
            : user.PasswordHash is null ? ProviderPages.SeeOther(next.Address(PasskeyOfferPages.Path))
            : await GoOn(next, session);
    }

    /// <summary>Gives the browser its new session and goes on, by the offer of a passkey where that makes sense.</summary>
    public async Task<IResult> Enter(PageRequest page, User user, Session session, bool canMakePasskey)
    {
        var next = await Remember(page, session);
        return canMakePasskey && passkeys.IsOffered(page, user, session)
            ? ProviderPages.SeeOther(next.Address(PasskeyOfferPages.Path))
            : await GoOn(next, session);
    }

    /// <summary>
    /// Gives the browser its new session, in the place of whatever it had. The page goes on with a request that knows of this sign-in.
    /// </summary>
    public async Task<PageRequest> Remember(PageRequest page, Session session)
    {
        await browser.Enter(page.Http, page.Caller, session);
        guard.Renew(page.Http, page.Caller.Application);
        if (page.Ready is not { } ready)
        {
            return page;
        }

        var pending = AuthorizationFlow.SignedIn(ready.Pending, session);
        return page with { Ready = ready with { Pending = pending }, RequestText = flow.Write(page.Caller, pending) };
    }

    /// <summary>The same page again, which says what went wrong. The log has the cause.</summary>
    public async Task<IResult> Refuse(PageRequest page, string path, string action, Error error, string handle, string query = "")
    {
        await Log(page, action, error, handle);
        return Again(page, NoteOf(path, error, handle), query);
    }

    /// <summary>As <see cref="Refuse(PageRequest, string, string, Error, string, string)"/>, with what else was typed.</summary>
    public async Task<IResult> Refuse(PageRequest page, string path, string action, Error error, TypedFields typed)
    {
        await Log(page, action, error, typed.Handle);
        return Again(page, NoteOf(path, error, typed.Handle) with { Values = typed.Values, Fields = typed.Refused });
    }

    /// <summary>The page with what is done.</summary>
    /// <param name="code">Of a good note (<see cref="PageNote"/>).</param>
    public IResult Tell(PageRequest page, string path, int code, string handle) => Again(page, new PageNote(path, code, handle, 0));

    /// <summary>The same page again for a form that is not ours, or is too old.</summary>
    public IResult Stale(PageRequest page, string path, string query = "") =>
        Again(page, new PageNote(path, PageNote.StaleForm, "", 0), query);

    /// <summary>Goes on for whoever is signed in now: with the authorization request, or to where the user came from.</summary>
    public async Task<IResult> Continue(PageRequest page) =>
        page.Ready is { } ready
            ? await requests.Continue(page, ready)
            : ProviderPages.SeeOther(FindReturn(page) ?? page.Address(LoginPages.LoginPath));

    /// <summary>Where the user was on the way to without a client: another page of these; null for nowhere.</summary>
    public static string? FindReturn(PageRequest page) =>
        page.Ready is null ? DevicePages.FindReturn(page) ?? AccountPaths.FindReturn(page.Http, page.Caller.Issuer) : null;

    /// <summary>The page that offers to link an account to the user; null when none waits in this browser.</summary>
    public async Task<string?> FindOffer(PageRequest page, string userId) =>
        await offers.Find(page.Http, page.Caller.Application, userId) is { } waiting
            ? page.Address(ViaPaths.Of(ViaPaths.Link, waiting.Provider))
            : null;

    /// <summary>The request is read anew, for whoever is signed in now.</summary>
    private async Task<IResult> GoOn(PageRequest page, Session session) =>
        await FindOffer(page, session.UserId) is { } offer ? ProviderPages.SeeOther(offer)
        : page.Ready is { } ready
            ? await requests.Go(
                page.Http,
                page.Caller,
                await flow.Answer(page.Caller, await flow.Open(page.Caller, ready.Pending, session.Id))
            )
        : ProviderPages.SeeOther(FindReturn(page) ?? page.Address(LoginPages.LoginPath));

    private Task Log(PageRequest page, string action, Error error, string handle) =>
        log.Record(page.Caller, action, error, Handle.ForLog(handle, page.Caller.Application.Settings.UserNamesEnabled));

    private static PageNote NoteOf(string path, Error error, string handle)
    {
        const int longest = 256; // of what is put back into a field
        var seconds = error.RetryAfter is { } time ? Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)) : 0;
        return new PageNote(path, error.Code, Strings.Truncate(handle, longest), seconds);
    }

    private IResult Again(PageRequest page, PageNote note, string query = "")
    {
        cookies.WriteNote(page.Http, page.Caller.Application, note);
        return ProviderPages.SeeOther(page.Address(note.Page, query));
    }
}
