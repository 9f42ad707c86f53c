using Latchkey.Api.Login;
using Latchkey.Core;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;
using Latchkey.Provider.Sessions;
using Latchkey.Users.Sessions;

namespace Latchkey.HostedPages;

/// <summary>What follows a form by which somebody signs in: the next step, the way on, or the same page with what went wrong.</summary>
public sealed class PageSignIn(
    AuthorizationFlow flow,
    PageRequests requests,
    PageCookies cookies,
    BrowserSignIn browser,
    FormGuard guard,
    AuthorizationLog log
)
{
    /// <summary>The user is signed in, or a second factor is asked for.</summary>
    public async Task<IResult> Next(PageRequest page, LoginResult result, string handle)
    {
        if (result is LoggedIn signedIn)
        {
            cookies.DeleteStep(page.Http, page.Caller.Application);
            return await Enter(page, signedIn.Session);
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
                LoginToken = answer.LoginToken,
                Methods = answer.Methods,
                Enroll = answer.Enroll,
            }
        );
        return ProviderPages.SeeOther(page.Address(LoginPages.FactorPath));
    }

    /// <summary>Gives the browser its new session and goes on.</summary>
    public async Task<IResult> Enter(PageRequest page, Session session)
    {
        return await GoOn(await Remember(page, session), session);
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
        var names = page.Caller.Application.Settings.UserNamesEnabled;
        await log.Record(page.Caller, action, error, Handle.ForLog(handle, names));
        return Again(page, path, error.Code, handle, error.RetryAfter, query);
    }

    /// <summary>The same page again for a form that is not ours, or is too old.</summary>
    public IResult Stale(PageRequest page, string path) => Again(page, path, PageNote.StaleForm, "", null);

    /// <summary>The request is read anew, for whoever is signed in now.</summary>
    private async Task<IResult> GoOn(PageRequest page, Session session) =>
        page.Ready is { } ready
            ? await requests.Go(
                page.Http,
                page.Caller,
                await flow.Answer(page.Caller, await flow.Open(page.Caller, ready.Pending, session.Id))
            )
            : ProviderPages.SeeOther(DevicePages.FindReturn(page) ?? page.Address(LoginPages.LoginPath));

    private IResult Again(PageRequest page, string path, int code, string handle, TimeSpan? wait, string query = "")
    {
        const int longest = 256; // of what is put back into a field
        var seconds = wait is { } time ? Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)) : 0;
        cookies.WriteNote(page.Http, page.Caller.Application, new PageNote(path, code, Strings.Truncate(handle, longest), seconds));
        return ProviderPages.SeeOther(page.Address(path, query));
    }
}
