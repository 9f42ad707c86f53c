using Latchkey.Applications;
using Latchkey.Core;

namespace Latchkey.Api.Authentication;

/// <summary>
/// The contract's order of checks, for every function of a group: the token came first (<see cref="CallerMiddleware"/>), here
/// parameters, then the application, then the feature's switch. What is left to the handler is data. A body may take minutes to come,
/// and the session may have ended meanwhile; so a token that was judged a while ago is judged again before anything else is.
/// </summary>
public static class OrderOfChecks
{
    /// <summary>While all users are deleted nobody signs up or logs in: a handle that is still there would be taken, and gone a moment later.</summary>
    private static readonly Error Resetting = (ErrorCodes.ServerBusy with { RetryAfter = TimeSpan.FromSeconds(5) }).Because("the application is being reset");

    /// <summary>As long as the other nodes take to hear of a change; most requests are here long before, and cost no second look-up.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    public static RouteGroupBuilder InOrder(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter((context, next) => IsStale(context) ? JudgeAgain(context, next) : Judge(context, next));
        return group;
    }

    private static ValueTask<object?> Judge(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Refusal(context) is { } error ? ValueTask.FromResult<object?>(Answers.Of(error)) : next(context);

    private static async ValueTask<object?> JudgeAgain(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await Ended(context) is { } error ? Answers.Of(error) : await Judge(context, next);

    private static bool IsStale(EndpointFilterInvocationContext context) =>
        context.HttpContext.Features.Get<Caller>() is { } caller && TimeProvider.System.GetElapsedTime(caller.ResolvedAt) > Fresh;

    /// <summary>What is wrong with a token that was good when the request began; the handler sees its caller as it is now.</summary>
    private static async Task<Error?> Ended(EndpointFilterInvocationContext context)
    {
        var http = context.HttpContext;
        var policy = http.GetEndpoint()!.Metadata.GetMetadata<CallerPolicy>()!;
        var (caller, refused) = await CallerMiddleware.Resolve(http, policy, http.RequestServices.GetRequiredService<TokenResolver>());
        http.Features.Set(caller); // none when the application is gone: 401, after the parameters
        for (var i = 0; i < context.Arguments.Count; i++)
        {
            if (context.Arguments[i] is Caller)
            {
                context.Arguments[i] = caller;
            }
        }

        return refused == TokenResolver.AppGone ? null : refused;
    }

    private static Error? Refusal(EndpointFilterInvocationContext context)
    {
        var metadata = context.HttpContext.GetEndpoint()!.Metadata;
        var caller = context.HttpContext.Features.Get<Caller>();
        return context.Arguments.OfType<IAsked>().FirstOrDefault(asked => asked.Problem is not null)?.Problem
            ?? (caller is UserCaller { User: var user } ? metadata.GetMetadata<NeededOfUser>()?.Missing(user, context.Arguments) : null)
            ?? ApplicationRefusal(caller?.Application, metadata)
            ?? SwitchRefusal(caller!.Application, metadata);
    }

    private static Error? ApplicationRefusal(Application? application, EndpointMetadataCollection metadata)
    {
        var servesIdle = metadata.GetMetadata<ServesIdleApplications>() is not null;
        return application switch
        {
            null => TokenResolver.AppGone,
            { Status: ApplicationStatus.Suspended or ApplicationStatus.Blocked } => ErrorCodes.AppSuspended.Because(application.Status),
            _ when servesIdle => null,
            { Status: ApplicationStatus.Inactive } => ErrorCodes.AppSuspended.Because("inactive"),
            { Status: ApplicationStatus.Migrated } => ErrorCodes.AppMigrated,
            { IsResetting: true } => Resetting,
            { Settings.JwtEnabled: false } => ErrorCodes.AppSuspended.Because("JWT is not enabled"),
            _ => null,
        };
    }

    private static Error? SwitchRefusal(Application application, EndpointMetadataCollection metadata) =>
        metadata.GetOrderedMetadata<Switch>().FirstOrDefault(feature => !feature.IsOn(application.Settings))?.Off;
}
