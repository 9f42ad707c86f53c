using Latchkey.Billing.Payments;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Api.Payments;

/// <summary>
/// The webhook that Stripe sends events to. Whoever cannot sign is refused before the body is read as anything but bytes.
/// </summary>
public static class StripeWebhookApi
{
    public const string Path = "/api/stripe/webhook";

    /// <summary>Without Stripe there is no such route.</summary>
    public static void MapStripeWebhook(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<InstallationSettings>().Stripe is null)
        {
            return;
        }

        routes.MapPost(Path, Take).ExcludeFromDescription();
    }

    private static async Task<IResult> Take(
        HttpContext context,
        InstallationSettings installation,
        IServiceProvider services,
        TimeProvider clock
    )
    {
        var secrets = installation.Stripe?.WebhookSecrets ?? [];
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var body = buffer.ToArray();
        var header = context.Request.Headers[StripeSignature.Header].ToString();
        if (StripeSignature.Check(body, header, secrets, clock.GetUtcNow()) is { } refused)
        {
            return ApiResults.From(refused);
        }

        return StripeEvent.Parse(body).Failed(out var received, out var error)
            ? ApiResults.From(error)
            : ApiResults.From(await services.GetRequiredService<PaymentEvents>().Take(received, context.RequestAborted));
    }
}
