using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Hosting;

/// <summary>
/// Handles what no handler answered. Exceptions are logged and become 500 or 503; unknown routes and wrong methods get the contract's
/// error body under /api.
/// </summary>
public sealed partial class ErrorMiddleware(RequestDelegate next, Dialect dialect, ILogger<ErrorMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            await WriteErrorForEmptyStatus(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await WriteError(
                context,
                e.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? ErrorCodes.BodyTooLarge
                    : ErrorCodes.BadRequest with
                    {
                        HttpStatus = e.StatusCode,
                    }
            );
        }
        catch (Exception e) when (!context.Response.HasStarted && dialect.IsUnavailable(e))
        {
            LogDatabaseUnavailable(log, RoutePatternOf(context), e);
            await WriteError(context, ErrorCodes.ServerBusy with { RetryAfter = TimeSpan.FromSeconds(2) });
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            LogUnhandledException(log, context.Request.Method, RoutePatternOf(context), e);
            await WriteError(context, ErrorCodes.Internal);
        }
    }

    /// <summary>Logs the route's pattern, not the path, which may contain an anonymous user's handle: a credential.</summary>
    private static string RoutePatternOf(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? context.Request.Path;

    private static Task WriteError(HttpContext context, Error error)
    {
        var headers = context.Response.Headers.ToList();
        context.Response.Clear();
        foreach (
            var (name, value) in headers.Where(header =>
                !header.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || header.Key == "Content-Security-Policy"
            )
        )
        {
            context.Response.Headers[name] = value;
        }

        return ApiResults.WriteError(context, error);
    }

    private static Task WriteErrorForEmptyStatus(HttpContext context)
    {
        var response = context.Response;
        if (
            response.HasStarted
            || response.ContentLength is not null
            || response.ContentType is not null
            || !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        )
        {
            return Task.CompletedTask;
        }

        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ApiResults.WriteError(context, ErrorCodes.UnknownRoute),
            StatusCodes.Status405MethodNotAllowed => ApiResults.WriteError(context, ErrorCodes.MethodNotAllowed),
            _ => Task.CompletedTask,
        };
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogUnhandledException(ILogger log, string method, string path, Exception reason);

    [LoggerMessage(2, LogLevel.Error, "{Path}: the database does not respond")]
    private static partial void LogDatabaseUnavailable(ILogger log, string path, Exception reason);
}
