using System.Text;
using Latchkey.Activity.Metering;
using Latchkey.Api.Authentication;
using Latchkey.Billing.Statements;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Api.Server;

/// <summary>The server API's view of what an application costs. The routes are only there while billing is on.</summary>
public static class BillingRoutes
{
    public static void MapBilling(this RouteGroupBuilder server) =>
        server
            .MapGet("billing/statement", Statement)
            .WithSummary(
                "Get what the application used in a month and what it costs before tax, in minor units. "
                    + "month is like 2026-11; without it, this month so far."
            );

    private static async Task<IResult> Statement(
        BoundRequest<StatementRequest> bound,
        ServerCaller caller,
        MonthClosing closing,
        TimeProvider clock
    )
    {
        var now = CalendarMonth.Of(clock.Now());
        if ((bound.Value.Month is { } text ? CalendarMonth.Parse(text) : now) is not { } month || month > now)
        {
            return ApiResults.From(ErrorCodes.InvalidData.WithCause("month is no month that has begun"));
        }

        return await closing.Read(caller.Application.Id, month) is { } document
            ? ApiResults.RawJson(Encoding.UTF8.GetBytes(document))
            : ApiResults.From(ErrorCodes.InvalidData.WithCause("no billing account paid for the application in that month"));
    }

    /// <param name="Month">Such as 2026-11.</param>
    public sealed record StatementRequest(string? Month) : IRequest<StatementRequest>
    {
        public static StatementRequest Read(FieldReader fields) => new(fields.Optional("month"));
    }
}
