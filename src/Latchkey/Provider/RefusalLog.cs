using System.Collections.Frozen;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Core.Metrics;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Provider.Clients;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Latchkey.Provider;

/// <summary>
/// Counts the calls of the provider's endpoints for programs, and puts every refusal into the application's log with its cause, within
/// the bounds of <see cref="LogLines"/>. The client that proved itself, or tried to, stands before the cause.
/// </summary>
public static class RefusalLog
{
    /// <summary>What devices and clients get in the usual course of things.</summary>
    private static readonly FrozenSet<int> Usual = new[]
    {
        OAuthErrors.AuthorizationPending.Code,
        OAuthErrors.SlowDown.Code,
        OAuthErrors.UseDpopNonce.Code,
    }.ToFrozenSet();

    public static RouteGroupBuilder WithRefusalLogging(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(
            async (context, next) =>
            {
                var answer = await next(context);
                var (http, error) = (context.HttpContext, OAuthResults.ErrorOf(answer));
                var function = FunctionName(http);
                LatchkeyMeter.RecordCall(function, error?.Code ?? 0);
                if (error is not null && !Usual.Contains(error.Code) && http.Features.Get<ProviderCaller>() is { } caller)
                {
                    await Record(http, caller, function, error);
                }

                return answer;
            }
        );
        return group;
    }

    private static async Task Record(HttpContext context, ProviderCaller caller, string function, Error error)
    {
        var (services, from) = (context.RequestServices, caller.Client);
        var throttle = services.GetRequiredService<LogThrottle>();
        if (LogLines.Bound(throttle, caller.Application.Id, function, from.Network, error) is not { } line)
        {
            return;
        }

        var cause = line.Cause ?? line.Message;
        var entry = new AuditEntry(caller.Application.Id, function, "", from.Address)
        {
            Code = line.Code,
            Detail = context.Features.Get<Client>() is { } client ? $"client {client.Id}: {cause}" : cause,
            Actor = AuditEntry.ByServer,
        };
        var audit = services.GetRequiredService<AuditStore>();
        await services.GetRequiredService<Database>().Write(db => audit.Add(db, entry));
    }

    /// <summary>The last word of the route.</summary>
    private static string FunctionName(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.PathSegments[^1].Parts is [RoutePatternLiteralPart word] ? word.Content : "";
}
