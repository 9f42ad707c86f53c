using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;
using Latchkey.Provider.Sessions;

namespace Latchkey.HostedPages;

/// <summary>Opens the requests of pages: the authorization request in the address is read anew each time, so what changed counts.</summary>
public sealed class PageRequests(AuthorizationFlow flow, BrowserSessions sessions, AuthorizationLog log)
{
    /// <summary>What the page works on, or what is answered in its place.</summary>
    public async Task<(PageRequest? Page, IResult? Instead)> Open(HttpContext context, ProviderCaller caller)
    {
        var text = context.Request.Query[PageRequest.RequestParameter].ToString();
        if (text.Length == 0)
        {
            var user = await sessions.Find(context, caller.Application);
            return (new PageRequest(context, caller, PageLanguage.Choose(context.Request, UiLocales(context)), null, user), null);
        }

        if (flow.Read(caller, text) is not { } pending)
        {
            return (null, ProviderPages.Error(context, OAuthErrors.InvalidRequestUri));
        }

        return await flow.Open(caller, pending, sessions.ReadId(context, caller.Application)) switch
        {
            ReadyAuthorization ready => (
                new PageRequest(context, caller, PageLanguage.Choose(context.Request, ready.Request.UiLocales), ready, ready.User),
                null
            ),
            var refused => (null, await Go(context, caller, await flow.Answer(caller, refused))),
        };
    }

    /// <summary>A page that no authorization request leads to. One in the address counts for nothing.</summary>
    public async Task<PageRequest> OpenAlone(HttpContext context, ProviderCaller caller) =>
        new(
            context,
            caller,
            PageLanguage.Choose(context.Request, UiLocales(context)),
            Ready: null,
            await sessions.Find(context, caller.Application)
        )
        {
            RequestText = "",
        };

    /// <summary>Whoever links to a page may say in which language: a client by ui_locales, a mail by its locale.</summary>
    private static string[] UiLocales(HttpContext context) =>
        [
            .. context.Request.Query["ui_locales"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries),
            context.Request.Query["locale"].ToString(),
        ];

    /// <summary>Sends the browser on, or shows the error.</summary>
    public async Task<IResult> Go(HttpContext context, ProviderCaller caller, AuthorizationAnswer answer)
    {
        if (answer.Error is { } error && error.Code != OAuthErrors.AccessDenied.Code)
        {
            await log.Record(caller, AuthorizeApi.Action, error);
        }

        return answer.Url is not null
            ? ProviderPages.Leave(context, answer)
            : ProviderPages.Error(context, answer.Error ?? OAuthErrors.InvalidRequest);
    }

    /// <summary>Where an authorization request goes on from here.</summary>
    public async Task<IResult> Continue(PageRequest page, ReadyAuthorization ready) =>
        await Go(page.Http, page.Caller, await flow.Answer(page.Caller, ready));
}
