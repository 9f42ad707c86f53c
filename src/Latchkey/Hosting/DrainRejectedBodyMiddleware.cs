using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Hosting;

/// <summary>
/// Lets clients read the error for a body that is too large. Most clients send the whole body before they read, so closing the
/// connection early would look like a network failure. The response is sent first, and then the rest of the body is discarded, up to a
/// size and time limit. Kestrel does the same for smaller bodies.
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
            // The client is slow or gone; the response was sent.
        }
    }
}
