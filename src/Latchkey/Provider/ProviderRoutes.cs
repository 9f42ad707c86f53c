using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Limits;

namespace Latchkey.Provider;

/// <summary>
/// What holds for every route of an application's provider, pages included: the application exists and is in use, and its calls are
/// limited.
/// </summary>
public static class ProviderRoutes
{
    /// <summary>Everything of one application is below it.</summary>
    public const string Prefix = "/apps/{appId:length(32)}";

    /// <summary>The group of the endpoints for programs. They answer errors as OAuth has them.</summary>
    public static RouteGroupBuilder MapOAuthEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup($"{Prefix}/oauth2").WithMetadata(ProviderErrorForms.OAuth);
        group.AddEndpointFilter(
            async (context, next) => await FindCaller(context.HttpContext) is { } refused ? OAuthResults.From(refused) : await next(context)
        );
        return group.WithRefusalLogging();
    }

    /// <summary>
    /// Resolves the <see cref="ProviderCaller"/>, once for each request: handlers' parameters are bound before filters run. The error when
    /// there is none.
    /// </summary>
    public static async Task<Error?> FindCaller(HttpContext context)
    {
        if (context.Features.Get<Resolved>() is not { } resolved)
        {
            context.Features.Set(resolved = new Resolved(await Resolve(context)));
        }

        return resolved.Refused;
    }

    private static async Task<Error?> Resolve(HttpContext context)
    {
        var services = context.RequestServices;
        if (
            context.GetRouteValue("appId") is not string appId
            || await services.GetRequiredService<ApplicationCache>().Find(appId) is not { } application
        )
        {
            return ErrorCodes.UnknownRoute;
        }

        var client = ClientAddress.From(context.Connection.RemoteIpAddress, context.Request.Headers.UserAgent.ToString());
        if (
            services
                .GetRequiredService<RequestThrottle>()
                .TryAcquire(application.OwnerId ?? appId, appId, client.Site, application.Settings.CallsPerSecond) is
            { } tooMany
        )
        {
            return OAuthErrors.SlowDownClient with { Cause = tooMany.Cause, RetryAfter = tooMany.RetryAfter };
        }

        if (FindProblem(application) is { } problem)
        {
            return OAuthErrors.TemporarilyUnavailable.WithCause(problem);
        }

        context.Features.Set(new ProviderCaller(application, client, services.GetRequiredService<Issuers>().Of(application)));
        System.Diagnostics.Activity.Current?.SetTag(Api.Authentication.TokenAuthenticationMiddleware.ApplicationTag, application.Id);
        return null;
    }

    private static string? FindProblem(Application application) =>
        application switch
        {
            { Status: not ApplicationStatus.Active } => application.Status,
            { IsResetting: true } => "the application is being reset",
            { Settings.JwtEnabled: false } => "JWT is not enabled",
            _ => null,
        };

    /// <summary>That the caller was looked for, and why there is none.</summary>
    private sealed record Resolved(Error? Refused);
}
