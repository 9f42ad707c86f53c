using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Billing.Payments;

/// <summary>
/// What is used of an event of Stripe's webhook: that something happened to an object. What it is now is asked of Stripe, because events
/// come in any order.
/// </summary>
/// <param name="Id">The event's id; an event that is sent again has the same.</param>
/// <param name="Type">Such as <c>payment_intent.succeeded</c>.</param>
/// <param name="ObjectId">The id of the payment intent or checkout session.</param>
public sealed record StripeEvent(string Id, string Type, string ObjectId)
{
    public const string CardSaved = "checkout.session.completed";
    private const int MaxLength = 255;
    private static readonly string[] Payments =
    [
        "payment_intent.succeeded",
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "payment_intent.processing",
        "payment_intent.canceled",
    ];

    public bool IsAboutPayment => Payments.Contains(Type);

    /// <summary>Reads the body of a webhook whose signature is right.</summary>
    public static Result<StripeEvent> Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return
                json.RootElement is { ValueKind: JsonValueKind.Object } root
                && Text(root, "id") is { } id
                && Text(root, "type") is { } type
                && root.TryGetProperty("data", out var data)
                && data is { ValueKind: JsonValueKind.Object }
                && data.TryGetProperty("object", out var about)
                && about is { ValueKind: JsonValueKind.Object }
                ? new StripeEvent(id, type, Text(about, "id") ?? "")
                : NotAnEvent;
        }
        catch (JsonException)
        {
            return NotAnEvent;
        }
    }

    private static Error NotAnEvent => ErrorCodes.InvalidData with { Message = "The body is not an event of Stripe." };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 and <= MaxLength } text
        && Field.IsStorable(text)
            ? text
            : null;
}
