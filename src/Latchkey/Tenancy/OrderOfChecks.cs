using Latchkey.Applications;
using Latchkey.Contract;

namespace Latchkey.Tenancy;

/// <summary>
/// The contract's order of checks, for every function of a group: the token came first (<see cref="CallerMiddleware"/>), here
/// parameters, then the application, then the feature's switch. What is left to the handler is data.
/// </summary>
public static class OrderOfChecks
{
    /// <summary>While all users are deleted nobody signs up or logs in: a handle that is still there would be taken, and gone a moment later.</summary>
    private static readonly Error Resetting = (ErrorCodes.ServerBusy with { RetryAfter = TimeSpan.FromSeconds(5) }).Because("the application is being reset");

    public static RouteGroupBuilder InOrder(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter((context, next) => Refusal(context) is { } error ? ValueTask.FromResult<object?>(Answers.Of(error)) : next(context));
        return group;
    }

    private static Error? Refusal(EndpointFilterInvocationContext context)
    {
        var metadata = context.HttpContext.GetEndpoint()!.Metadata;
        return context.Arguments.OfType<IAsked>().FirstOrDefault(asked => asked.Problem is not null)?.Problem
            ?? ApplicationRefusal(context.HttpContext.Features.Get<Caller>()?.Application, metadata)
            ?? SwitchRefusal(context.HttpContext.Features.Get<Caller>()!.Application, metadata);
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
