namespace Latchkey.Applications.MessageProviders;

/// <summary>A kind of provider that an operator can set in the portal.</summary>
/// <param name="Key">In addresses and in the log.</param>
/// <param name="Label">As people see it.</param>
/// <param name="Fields">What it needs.</param>
public sealed record ProviderKind(string Key, string Label, IReadOnlyList<ProviderKindField> Fields)
{
    /// <summary>Names where messages go. With another value of these, the secret must be entered again.</summary>
    private static readonly string[] Destinations = ["SMTP_HOST", "SMTP_PORT", "WEBHOOK_URL"];

    private static readonly ProviderKind Webhook = new(
        "webhook",
        "Webhook",
        [
            new("WEBHOOK_URL", "Address", "An https address that takes each message as JSON.", "https://example.com/messages"),
            new("WEBHOOK_SECRET", "Secret", "It signs what is sent.") { IsSecret = true },
        ]
    );

    private static readonly ProviderKind[] OfMail =
    [
        new(
            "smtp",
            "Mail server (SMTP)",
            [
                new("SMTP_HOST", "Host", "", "smtp.example.com"),
                new("SMTP_PORT", "Port", "Empty: 587, or 465 with tls.") { IsOptional = true },
                new("SMTP_SECURITY", "Encryption", "starttls, tls or none. Empty: starttls.") { IsOptional = true },
                new("SMTP_USER", "User", "Empty for a server without a sign-in.") { IsOptional = true },
                new("SMTP_PASSWORD", "Password", "") { IsSecret = true, IsOptional = true },
                new("SMTP_FROM", "Sender", "", "noreply@example.com"),
            ]
        ),
        new(
            "sendgrid",
            "SendGrid",
            [
                new("SENDGRID_KEY", "API key", "") { IsSecret = true },
                new("SENDGRID_FROM", "Sender", "An address that SendGrid has verified.", "noreply@example.com"),
            ]
        ),
        Webhook,
    ];

    private static readonly ProviderKind[] OfSms =
    [
        new(
            "twilio",
            "Twilio",
            [
                new("TWILIO_ACCOUNT_SID", "Account SID", "", "AC…"),
                new("TWILIO_AUTH_TOKEN", "Auth token", "") { IsSecret = true },
                new("TWILIO_FROM", "Phone number", "The one that SMS come from.", "+15005550006"),
            ]
        ),
        Webhook,
    ];

    /// <summary>The kinds for a channel, the usual one first.</summary>
    public static IReadOnlyList<ProviderKind> Of(ProviderChannel channel) => channel == ProviderChannel.Mail ? OfMail : OfSms;

    /// <summary>The kind whose settings these are; null for none.</summary>
    public static ProviderKind? Find(ProviderChannel channel, IReadOnlyDictionary<string, string> values) =>
        Of(channel).FirstOrDefault(kind => values.ContainsKey(kind.Fields[0].Name));

    /// <summary>Whether these settings send messages, and so secrets, to somewhere else than those.</summary>
    public static bool LeadElsewhere(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        Destinations.Any(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name));
}
