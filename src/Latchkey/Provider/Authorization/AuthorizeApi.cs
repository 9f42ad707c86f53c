using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Provider.Pages;
using Latchkey.Provider.Sessions;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Provider.Authorization;

/// <summary>
/// The authorization endpoint (RFC 6749 §3.1). Browsers come here, so its answers are redirects and pages; programs of other origins get
/// nothing.
/// </summary>
public static partial class AuthorizeApi
{
    public const string Action = "authorize";

    public static void MapAuthorize(this IEndpointRouteBuilder routes) =>
        routes
            .MapMethods($"{ProviderRoutes.Prefix}/oauth2/{Action}", [HttpMethods.Get, HttpMethods.Post], Authorize)
            .WithMetadata(ProviderErrorForms.Page)
            .WithSummary("Ask a user to sign in, and for a code.");

    private static async Task<IResult> Authorize(HttpContext context, string appId, AuthorizationFlow flow)
    {
        ProviderPages.SetHeaders(context);
        var refused = await ProviderRoutes.FindCaller(context);
        if (await FindCaller(context, appId, refused) is not { } caller)
        {
            return ProviderPages.Error(context, refused ?? ErrorCodes.UnknownRoute);
        }

        if (
            (await OAuthParameters.ReadPairs(context.Request)).Failed(out var pairs, out var unreadable)
            || flow.Begin(caller, pairs).Failed(out var pending, out unreadable)
        )
        {
            return await Show(context, caller, refused ?? unreadable);
        }

        return refused is null ? await Answer(context, caller, pending) : await Refuse(context, caller, pending, refused);
    }

    /// <summary>
    /// The caller, also one that is only held back: the client is told why. Where the application is not in use, nobody can be told.
    /// </summary>
    private static async Task<ProviderCaller?> FindCaller(HttpContext context, string appId, Error? refused)
    {
        if (refused is null)
        {
            return context.Features.GetRequiredFeature<ProviderCaller>();
        }

        var services = context.RequestServices;
        return refused.RetryAfter is not null && await services.GetRequiredService<ApplicationCache>().Find(appId) is { } application
            ? new ProviderCaller(
                application,
                ClientAddress.From(context.Connection.RemoteIpAddress, context.Request.Headers.UserAgent.ToString()),
                services.GetRequiredService<Issuers>().Of(application)
            )
            : null;
    }

    private static async Task<IResult> Answer(HttpContext context, ProviderCaller caller, PendingAuthorization pending)
    {
        try
        {
            return await Continue(context, caller, pending);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFault(context.RequestServices.GetRequiredService<ILogger<ProviderCaller>>(), e);
            return await Refuse(context, caller, pending, OAuthErrors.ServerError);
        }
    }

    private static async Task<IResult> Continue(HttpContext context, ProviderCaller caller, PendingAuthorization pending)
    {
        var services = context.RequestServices;
        var (flow, sessions) = (services.GetRequiredService<AuthorizationFlow>(), services.GetRequiredService<BrowserSessions>());
        var opened = await flow.Open(caller, pending, sessions.ReadId(context, caller.Application));
        if (
            opened is ReadyAuthorization { Request.ProviderHint: { } alias } ready
            && flow.FindPage(ready) is AuthorizationPage.SignIn or AuthorizationPage.SignUp
            && IsNavigation(context)
            && await GoToProvider(context, caller, ready, alias) is { } provider
        )
        {
            return ProviderPages.SeeOther(provider);
        }

        var answer = await flow.Answer(caller, opened);
        if (answer.Url is null)
        {
            return await Show(context, caller, answer.Error ?? OAuthErrors.InvalidRequest);
        }

        if (answer.Error is { } error)
        {
            await services.GetRequiredService<AuthorizationLog>().Record(caller, Action, error);
        }

        return ProviderPages.Leave(context, answer);
    }

    /// <summary>
    /// Whether a user sees where this leads. A picture or a frame of another site must not begin sign-ins, which are limited by network.
    /// </summary>
    private static bool IsNavigation(HttpContext context) => context.Request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document";

    /// <summary>The address of another provider that the client asks for; null when there is none, and the sign-in page is shown.</summary>
    private static async Task<string?> GoToProvider(HttpContext context, ProviderCaller caller, ReadyAuthorization ready, string alias)
    {
        var services = context.RequestServices;
        var request = services.GetRequiredService<AuthorizationFlow>().Write(caller, ready.Pending);
        var begun = await services
            .GetRequiredService<ProviderSignIn>()
            .Begin(
                context,
                caller,
                alias,
                new BegunSignIn("", "", null, null, SignInPurpose.Login, $"?request={Uri.EscapeDataString(request)}"),
                ProviderHintsOf.Request(ready)
            );
        if (begun.Error is { } refused)
        {
            await services.GetRequiredService<AuthorizationLog>().Record(caller, ProviderSignIn.Action, refused);
        }

        return begun.Value;
    }

    /// <summary>
    /// Tells the client of an error that its request did not cause, if the request says where the client is. Where the throttle refuses,
    /// this costs no more than one read by primary key.
    /// </summary>
    private static async Task<IResult> Refuse(HttpContext context, ProviderCaller caller, PendingAuthorization pending, Error error) =>
        await context.RequestServices.GetRequiredService<AuthorizationFlow>().FindTarget(caller, pending) is { } to
            ? ProviderPages.Leave(context, to.WithError(caller.Issuer, error))
            : ProviderPages.Error(context, error);

    private static async Task<IResult> Show(HttpContext context, ProviderCaller caller, Error error)
    {
        await context.RequestServices.GetRequiredService<AuthorizationLog>().Record(caller, Action, error);
        return ProviderPages.Error(context, error);
    }

    [LoggerMessage(1, LogLevel.Error, "an authorization request failed")]
    private static partial void LogFault(ILogger log, Exception reason);
}
