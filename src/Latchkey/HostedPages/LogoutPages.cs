using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Logout;
using Latchkey.Provider.Pages;
using Latchkey.Provider.Sessions;
using Latchkey.Users.Sessions;
using Microsoft.AspNetCore.Http.Extensions;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>
/// Where clients send browsers to sign out (OpenID Connect RP-Initiated Logout), the page that asks, and the one that says it is done.
/// </summary>
public static class LogoutPages
{
    private const string Endpoint = "oauth2/logout";
    private const string Path = "logout";

    /// <summary>Longer than any request with an ID token of ours; a server takes no longer addresses.</summary>
    private const int MaxQueryLength = 6000;

    /// <summary>What the page sends back of a request.</summary>
    private static readonly string[] Parameters = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];

    public static void MapLogoutPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(Endpoint, SignOut);
        pages.MapPost(Endpoint, RedirectToGet);
        pages.MapPost(Path, Decide);
    }

    private static async Task<IResult> SignOut(
        HttpContext context,
        LogoutRules rules,
        BrowserSessions sessions,
        FormGuard guard,
        AuthorizationLog log
    )
    {
        var caller = LoginPages.CallerOf(context);
        if (
            OAuthParameters.ParseQuery(context.Request.QueryString.Value ?? "").Failed(out var parameters, out var refused)
            || (await rules.Read(caller, parameters)).Failed(out var request, out refused)
        )
        {
            return await Refuse(context, caller, refused, log);
        }

        var page = Open(context, caller, parameters, await sessions.Find(context, caller.Application));
        return await rules.Decide(caller, request, page.User) is var decision and not LogoutDecision.Ask
            ? Finish(page, decision, sessions)
            : Ask(page, request, parameters, guard);
    }

    /// <summary>
    /// A browser brings its session with a GET, but not with a form of another site.
    /// </summary>
    private static async Task<IResult> RedirectToGet(HttpContext context, AuthorizationLog log)
    {
        var caller = LoginPages.CallerOf(context);
        if ((await OAuthParameters.ReadForm(context.Request)).Failed(out var parameters, out var refused))
        {
            return await Refuse(context, caller, refused, log);
        }

        var query = new QueryBuilder(parameters.All).ToQueryString().Value ?? "";
        return query.Length <= MaxQueryLength
            ? ProviderPages.SeeOther($"{caller.Issuer}/{Endpoint}{query}")
            : await Refuse(context, caller, OAuthErrors.InvalidRequest with { Message = "The request is too long." }, log);
    }

    /// <summary>The answer of the page that asks.</summary>
    private static async Task<IResult> Decide(
        HttpContext context,
        LogoutRules rules,
        BrowserSessions sessions,
        FormGuard guard,
        AuthorizationLog log
    )
    {
        var caller = LoginPages.CallerOf(context);
        if (
            (await OAuthParameters.ReadForm(context.Request)).Failed(out var form, out var refused)
            || (await rules.Read(caller, form)).Failed(out var request, out refused)
        )
        {
            return await Refuse(context, caller, refused, log);
        }

        var page = Open(context, caller, form, await sessions.Find(context, caller.Application));
        return !guard.IsOurs(context, caller, form, What(page)) ? Ask(page, request, form, guard)
            : form["action"] == "stay" ? page.Show(page.Text.StillSignedInHeading, $"<p>{E(page.Text.SignedOutText)}</p>")
            : Finish(page, await rules.SignOut(caller, request, page.User), sessions);
    }

    private static IResult Finish(PageRequest page, LogoutDecision decision, BrowserSessions sessions)
    {
        sessions.Forget(page.Http, page.Caller.Application);
        return decision is LogoutDecision.Return to
            ? ProviderPages.SeeOther(to.Uri)
            : page.Show(page.Text.SignedOutHeading, $"<p>{E(page.Text.SignedOutText)}</p>");
    }

    private static IResult Ask(PageRequest page, LogoutRequest request, OAuthParameters parameters, FormGuard guard)
    {
        var hidden = Parameters
            .Where(parameters.Has)
            .Select(name => $"<input type=\"hidden\" name=\"{name}\" value=\"{E(parameters[name] ?? "")}\">");
        return page.Show(
            Plain(page.Text.SignOutHeading, "APP_NAME", page.Caller.Application.Name),
            $"""
            {(page.User is { } user ? $"<p>{Fill(page.Text.SignOutText, ("HANDLE", user.User.Handle))}</p>" : "")}
            <form method="post" action="{E($"{page.Caller.Issuer}/{Path}")}">
            {guard.Input(page.Http, page.Caller.Application, What(page))}
            {string.Concat(hidden)}
            <button type="submit" name="action" value="sign-out">{E(page.Text.SignOut)}</button>
            {LoginView.Button("stay", page.Text.StaySignedIn)}
            </form>
            """,
            formTarget: request.RedirectUri is { } uri ? RedirectUris.FormTarget(uri) : ""
        );
    }

    private static PageRequest Open(HttpContext context, ProviderCaller caller, OAuthParameters parameters, SessionUser? user)
    {
        var locales = parameters["ui_locales"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return new PageRequest(context, caller, PageLanguage.Choose(context.Request, locales), Ready: null, user);
    }

    private static async Task<IResult> Refuse(HttpContext context, ProviderCaller caller, Error error, AuthorizationLog log)
    {
        await log.Record(caller, Path, error);
        return ProviderPages.Error(context, error);
    }

    /// <summary>The form is for this session.</summary>
    private static string What(PageRequest page) => $"{Path}\n{page.User?.Session.PublicId}";
}
