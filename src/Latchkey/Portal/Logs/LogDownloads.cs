using System.Globalization;
using System.Text;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Latchkey.Portal.Logs;

/// <summary>
/// The logs as CSV files, and a line in the log for each that is taken. They are written line by line, so a file of millions of lines takes
/// no memory.
/// </summary>
public static class LogDownloads
{
    public static void MapLogDownloads(this IEndpointRouteBuilder routes)
    {
        var logs = routes
            .MapGroup($"{PortalServices.Path}/applications/{{appId}}/logs")
            .RequireAuthorization(PortalAccessRequirement.Policy)
            .ExcludeFromDescription();
        logs.MapGet("csv", Calls);
        logs.MapGet("messages/csv", Deliveries);
        logs.MapGet("export/{jobId}", Exported);
    }

    private static async Task<IResult> Calls(
        string appId,
        ApplicationRules applications,
        AuditLog log,
        AuditExports exports,
        HttpContext context
    )
    {
        if (LogFilter.Read(name => FormValues.Query(context.Request, name)).Failed(out var filter, out var refused))
        {
            return TypedResults.Text(refused.Message, statusCode: StatusCodes.Status400BadRequest);
        }

        if (!await IsThere(applications, appId))
        {
            return TypedResults.NotFound();
        }

        await exports.LogDownload(appId, $"the log {log.Mask(filter).Query}".TrimEnd(), PortalPage.ActorOf(context));
        return Csv(
            appId,
            "log",
            (file, stop) => Write(file, AuditLog.CsvHeader, log.Pages(appId, filter, LogCursor.Start, stop), AuditLog.ToCsv, stop),
            context
        );
    }

    private static async Task<IResult> Deliveries(
        string appId,
        ApplicationRules applications,
        DeliveryLog log,
        AuditExports exports,
        HttpContext context
    )
    {
        if (DeliveryFilter.Read(name => FormValues.Query(context.Request, name)).Failed(out var filter, out var refused))
        {
            return TypedResults.Text(refused.Message, statusCode: StatusCodes.Status400BadRequest);
        }

        if (!await IsThere(applications, appId))
        {
            return TypedResults.NotFound();
        }

        await exports.LogDownload(appId, $"mails and SMS {filter.Query}".TrimEnd(), PortalPage.ActorOf(context));
        return Csv(
            appId,
            "messages",
            (file, stop) => Write(file, DeliveryLog.CsvHeader, log.Pages(appId, filter, stop), DeliveryLog.ToCsv, stop),
            context
        );
    }

    private static async Task<IResult> Exported(string appId, string jobId, AuditExports exports, HttpContext context)
    {
        if (!await exports.IsReady(appId, jobId))
        {
            return TypedResults.NotFound();
        }

        await exports.LogDownload(appId, "an export", PortalPage.ActorOf(context));
        return Csv(appId, "log", (file, stop) => Copy(file, exports.Read(appId, jobId, stop), stop), context);
    }

    private static async Task<bool> IsThere(ApplicationRules applications, string appId) =>
        Field.IsStorable(appId) && await applications.Find(appId) is not null;

    private static PushStreamHttpResult Csv(string appId, string what, Func<Stream, CancellationToken, Task> write, HttpContext context)
    {
        var day = context
            .RequestServices.GetRequiredService<TimeProvider>()
            .GetUtcNow()
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return TypedResults.Stream(
            async file =>
            {
                await file.WriteAsync(Core.Csv.ByteOrderMark.ToArray(), context.RequestAborted);
                await write(file, context.RequestAborted);
            },
            Core.Csv.ContentType,
            $"{what}-{appId}-{day}.csv"
        );
    }

    private static async Task Write<T>(
        Stream file,
        string header,
        IAsyncEnumerable<IReadOnlyList<T>> pages,
        Func<IReadOnlyList<T>, string> csv,
        CancellationToken stop
    )
    {
        await file.WriteAsync(Encoding.UTF8.GetBytes(header), stop);
        await foreach (var page in pages)
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(csv(page)), stop);
        }
    }

    private static async Task Copy(Stream file, IAsyncEnumerable<Stream> pieces, CancellationToken stop)
    {
        await foreach (var piece in pieces)
        {
            await piece.CopyToAsync(file, stop);
        }
    }
}
