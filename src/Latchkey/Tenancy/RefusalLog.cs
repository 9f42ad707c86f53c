using Latchkey.Audit;
using Latchkey.Contract;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Metrics;

namespace Latchkey.Tenancy;

/// <summary>
/// Counts the calls and puts every refusal of a function into the application's log, for a whole group of routes. What never reached the function (a bad
/// token, a missing parameter, a switch that is off) is not the application's business.
/// </summary>
public static class RefusalLog
{
    public static RouteGroupBuilder WithRefusalsLogged(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (context, next) =>
        {
            var answer = await next(context);
            LatchkeyMeter.Call(Function(context.HttpContext), Answers.ErrorOf(answer)?.Code ?? 0);
            if (Answers.ErrorOf(answer) is { } error && context.HttpContext.Features.Get<Caller>() is { } caller && IsWorthAnEntry(context.HttpContext, caller, error))
            {
                await Record(context, caller, error);
            }

            return answer;
        });
        return group;
    }

    /// <summary>A flood that a limit holds back is one entry a minute for each function and network.</summary>
    private static bool IsWorthAnEntry(HttpContext context, Caller caller, Error error) =>
        (error.Code != ErrorCodes.TooManyAttempts.Code && error.Code != ErrorCodes.ServerBusy.Code)
        || context.RequestServices.GetRequiredService<OncePerMinute>().IsFirst($"{caller.Application.Id}|{Function(context)}|{caller.Client.Network}|{error.Cause}");

    private static async Task Record(EndpointFilterInvocationContext context, Caller caller, Error error)
    {
        var services = context.HttpContext.RequestServices;
        var (database, audit) = (services.GetRequiredService<Database>(), services.GetRequiredService<AuditStore>());
        var entry = new AuditEntry(caller.Application.Id, Function(context.HttpContext), Handle(context, caller), caller.Client.Address) { Actor = caller is ServerCaller ? AuditEntry.ByServer : AuditEntry.ByUser };
        await database.Write(db => audit.Add(db, entry.Refused(error)));
    }

    /// <summary>The last word of the route: the function as the contract names it.</summary>
    private static string Function(HttpContext context) =>
        ((RouteEndpoint)context.GetEndpoint()!).RoutePattern.PathSegments[^1].Parts is [Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart word] ? word.Content : "users";

    private static string Handle(EndpointFilterInvocationContext context, Caller caller) =>
        caller is UserCaller user ? user.User.Handle : context.Arguments.OfType<IAsked>().FirstOrDefault()?.Handle ?? "";
}
