using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Hosting;

/// <summary>
/// Lets clients read why a body was too large. Most send all of a body before they read; hung up on in the middle, they see a broken
/// connection in place of the answer. So the answer goes out first, and then what still comes is thrown away, up to a size and a time.
/// Kestrel does the same for bodies that are not too large.
/// </summary>
public sealed class DrainRejectedBodyMiddleware(RequestDelegate next)
{
    private const int MaxDrainedBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (
            context.Request.ContentLength is > 0 and <= MaxDrainedBytes
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit
            && context.Request.ContentLength > limit.MaxRequestBodySize
        )
        {
            limit.MaxRequestBodySize = MaxDrainedBytes;
            await context.Response.CompleteAsync();
            await Drain(context);
        }
    }

    private static async Task Drain(HttpContext context)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timeout.CancelAfter(DrainTimeout);
        try
        {
            await context.Request.Body.CopyToAsync(Stream.Null, timeout.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client is slow or gone; the answer was sent.
        }
    }
}
