using Latchkey.Applications;
using Latchkey.Core;

namespace Latchkey.Api.Authentication;

/// <summary>
/// The contract's order of checks, for every function of a group: the token was first (<see cref="TokenAuthenticationMiddleware"/>), then
/// come parameters, the application, and the feature's switch. The handler checks only data. A body can take minutes to arrive, and the
/// session may end meanwhile, so an older token is validated again before everything else.
/// </summary>
public static class RequestValidationFilter
{
    /// <summary>
    /// While all users are being deleted, nobody can sign up or log in: a new user would be deleted a moment later.
    /// </summary>
    private static readonly Error ResetInProgress = (ErrorCodes.ServerBusy with { RetryAfter = TimeSpan.FromSeconds(5) }).WithCause(
        "the application is being reset"
    );

    /// <summary>
    /// As long as the other nodes take to hear of a change; most requests are here long before, and cost no second look-up.
    /// </summary>
    private static readonly TimeSpan RevalidateAfter = TimeSpan.FromSeconds(1);

    public static RouteGroupBuilder WithRequestValidation(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter((context, next) => IsStale(context) ? RevalidateToken(context, next) : ValidateAndInvoke(context, next));
        return group;
    }

    private static ValueTask<object?> ValidateAndInvoke(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Validate(context) is { } error ? ValueTask.FromResult<object?>(ApiResults.From(error)) : next(context);

    private static async ValueTask<object?> RevalidateToken(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await RefreshCaller(context) is { } error ? ApiResults.From(error) : await ValidateAndInvoke(context, next);

    private static bool IsStale(EndpointFilterInvocationContext context) =>
        context.HttpContext.Features.Get<Caller>() is { } caller && TimeProvider.System.GetElapsedTime(caller.ResolvedAt) > RevalidateAfter;

    /// <summary>The error of a token that was valid when the request began. The handler gets the caller's current state.</summary>
    private static async Task<Error?> RefreshCaller(EndpointFilterInvocationContext context)
    {
        var http = context.HttpContext;
        var policy = Metadata(http).GetRequiredMetadata<TokenRequirement>();
        var (caller, refused) = await TokenAuthenticationMiddleware.Resolve(
            http,
            policy,
            http.RequestServices.GetRequiredService<TokenResolver>()
        );
        http.Features.Set(caller); // none if the application is deleted: 401, after parameter errors
        for (var i = 0; i < context.Arguments.Count; i++)
        {
            if (context.Arguments[i] is Caller)
            {
                context.Arguments[i] = caller;
            }
        }

        return refused == TokenResolver.AppDeleted ? null : refused;
    }

    private static Error? Validate(EndpointFilterInvocationContext context)
    {
        var metadata = Metadata(context.HttpContext);
        var caller = context.HttpContext.Features.Get<Caller>();
        return context.Arguments.OfType<IBoundRequest>().FirstOrDefault(request => request.Problem is not null)?.Problem
            ?? (
                caller is UserCaller { User: var user }
                    ? metadata.GetMetadata<UserParameterRequirement>()?.FindMissing(user, context.Arguments)
                    : null
            )
            ?? ValidateApplication(caller?.Application, metadata);
    }

    private static EndpointMetadataCollection Metadata(HttpContext http) =>
        http.GetEndpoint()?.Metadata ?? throw new InvalidOperationException("a filter runs inside an endpoint");

    private static Error? ValidateApplication(Application? application, EndpointMetadataCollection metadata)
    {
        var servesIdle = metadata.GetMetadata<AllowInactiveApplications>() is not null;
        return application switch
        {
            null => TokenResolver.AppDeleted,
            { Status: ApplicationStatus.Suspended or ApplicationStatus.Blocked } => ErrorCodes.AppSuspended.WithCause(application.Status),
            _ when servesIdle => ValidateFeature(application, metadata),
            { Status: ApplicationStatus.Inactive } => ErrorCodes.AppSuspended.WithCause("inactive"),
            { Status: ApplicationStatus.Migrated } => ErrorCodes.AppMigrated,
            { IsResetting: true } => ResetInProgress,
            { Settings.JwtEnabled: false } => ErrorCodes.AppSuspended.WithCause("JWT is not enabled"),
            _ => ValidateFeature(application, metadata),
        };
    }

    private static Error? ValidateFeature(Application application, EndpointMetadataCollection metadata) =>
        metadata
            .GetOrderedMetadata<FeatureRequirement>()
            .FirstOrDefault(feature => !feature.IsEnabled(application.Settings))
            ?.DisabledError;
}
