namespace Latchkey.Core.Configuration;

/// <summary>The operator's account at Stripe.</summary>
public sealed record StripeSettings
{
    public static readonly Uri DefaultUrl = new("https://api.stripe.com");

    /// <summary>Stripe's API, or a proxy in front of it.</summary>
    public Uri Url { get; init; } = DefaultUrl;

    public required string SecretKey { get; init; }

    /// <summary>The signing secrets of the webhook endpoint: one, or two while the secret is changed.</summary>
    public required IReadOnlyList<string> WebhookSecrets { get; init; }

    /// <summary>Null while there is no secret key.</summary>
    /// <exception cref="InvalidSettingException">A setting is invalid, or one of them is missing.</exception>
    public static StripeSettings? Read(Func<string, string?> text)
    {
        if (text("STRIPE_SECRET_KEY") is not { } key)
        {
            return null;
        }

        var secrets = (text("STRIPE_WEBHOOK_SECRET") ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        return secrets.Length is 0 or > 2
            ? throw new InvalidSettingException(
                "LATCHKEY_STRIPE_WEBHOOK_SECRET must be the signing secret of your webhook endpoint at Stripe, or two of them with a "
                    + "comma between while you change it. Without it, nobody could tell Stripe's events from forged ones."
            )
            : new StripeSettings
            {
                Url = Address(text("STRIPE_URL")) ?? DefaultUrl,
                SecretKey = key.Trim(),
                WebhookSecrets = secrets,
            };
    }

    /// <summary>Secrets never stand in a log or a message.</summary>
    public override string ToString() => $"Stripe at {Url}";

    private static Uri? Address(string? given) =>
        given is null ? null
        : Uri.TryCreate(given, UriKind.Absolute, out var url) && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback)) ? url
        : throw new InvalidSettingException(
            $"LATCHKEY_STRIPE_URL is {given}. Use an https address (http only on loopback), because your secret key is sent there."
        );
}
