using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Hosting;

/// <summary>
/// Lets clients read why a body was too large. Most send all of a body before they read; hung up on in the middle, they see a broken
/// connection in place of the answer. So the answer goes out first, and then what still comes is thrown away, up to a size and a time.
/// Kestrel does the same for bodies that are not too large.
/// </summary>
public sealed class RefusedBody(RequestDelegate next)
{
    private const int MostBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.Request.ContentLength is > 0 and <= MostBytes
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit && context.Request.ContentLength > limit.MaxRequestBodySize)
        {
            limit.MaxRequestBodySize = MostBytes;
            await context.Response.CompleteAsync();
            await ThrowAway(context);
        }
    }

    private static async Task ThrowAway(HttpContext context)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        try
        {
            await context.Request.Body.CopyToAsync(Stream.Null, patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client is slow or gone; the answer was sent.
        }
    }
}
