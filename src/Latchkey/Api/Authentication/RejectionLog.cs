using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Core.Metrics;
using Latchkey.Data;
using Latchkey.Limits;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Latchkey.Api.Authentication;

/// <summary>
/// Counts the calls and puts every refusal of a function into the application's log, for a whole group of routes. What never reached the
/// function (a bad
/// token, a missing parameter, a switch that is off) is not the application's business. Most refusals cost whoever causes them nothing,
/// so there is a bound to what is written of them.
/// </summary>
public static class RejectionLog
{
    public static RouteGroupBuilder WithRejectionLogging(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(
            async (context, next) =>
            {
                var answer = await next(context);
                LatchkeyMeter.RecordCall(FunctionName(context.HttpContext), ApiResults.ErrorOf(answer)?.Code ?? 0);
                if (
                    ApiResults.ErrorOf(answer) is { } error
                    && context.HttpContext.Features.Get<Caller>() is { } caller
                    && ErrorToLog(context.HttpContext, caller, error) is { } line
                )
                {
                    await Record(context, caller, line);
                }

                return answer;
            }
        );
        return group;
    }

    private static Error? ErrorToLog(HttpContext context, Caller caller, Error error) =>
        LogLines.Bound(
            context.RequestServices.GetRequiredService<LogThrottle>(),
            caller.Application.Id,
            FunctionName(context),
            caller.Client.Network,
            error
        );

    private static async Task Record(EndpointFilterInvocationContext context, Caller caller, Error error)
    {
        var services = context.HttpContext.RequestServices;
        var (database, audit) = (services.GetRequiredService<Database>(), services.GetRequiredService<AuditStore>());
        var entry = new AuditEntry(caller.Application.Id, FunctionName(context.HttpContext), Handle(context, caller), caller.Client.Address)
        {
            Actor = caller is ServerCaller ? AuditEntry.ByServer : AuditEntry.ByUser,
        };
        await database.Write(db => audit.Add(db, entry.Refused(error)));
    }

    private static string FunctionName(HttpContext context) => FunctionName(context.GetEndpoint() as RouteEndpoint);

    /// <summary>The last word of the route: the function as the contract names it.</summary>
    private static string FunctionName(RouteEndpoint? endpoint) =>
        endpoint?.RoutePattern.PathSegments[^1].Parts is [RoutePatternLiteralPart word] ? word.Content : "users";

    /// <summary>The names of all functions of the API, as the metric of calls has them.</summary>
    public static IEnumerable<string> FunctionNames(EndpointDataSource routes) =>
        routes
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<TokenRequirement>() is not null)
            .Select(FunctionName)
            .Distinct(StringComparer.Ordinal);

    private static string Handle(EndpointFilterInvocationContext context, Caller caller) =>
        caller is UserCaller user ? user.User.Handle
        : context.Arguments.OfType<IBoundRequest>().FirstOrDefault() is { } request
            ? Core.Handle.ForLog(request.TypedHandle, caller.Application.Settings.UserNamesEnabled)
        : "";
}
