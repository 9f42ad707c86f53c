using System.Data.Common;
using Dapper;
using Latchkey.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Latchkey.Hosting;

/// <summary>Liveness and readiness endpoints for supervisors and load balancers.</summary>
public static class Health
{
    public const string LivePath = "/health/live";

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(LivePath, () => TypedResults.Text("alive\n")).ExcludeFromDescription();
        routes.MapGet("/health/ready", Ready).ExcludeFromDescription();
    }

    private static async Task<IResult> Ready(Database database)
    {
        try
        {
            await database.Read(db => db.ExecuteScalarAsync<int>("SELECT 1"));
            return database.WriteProblem is { } problem ? Unavailable(problem) : TypedResults.Text("ready\n");
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            return Unavailable("the database does not respond");
        }
    }

    private static ContentHttpResult Unavailable(string why) =>
        TypedResults.Text($"{why}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
}
