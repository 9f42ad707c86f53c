namespace Latchkey.Core.Configuration;

/// <summary>Who takes messages from this server and brings them to people.</summary>
public abstract record MessageProvider
{
    /// <summary>True where a developer chose the host, and not the operator: then it is connected to in public and allowed networks only.</summary>
    public bool IsDeveloperHost { get; init; }
}

/// <summary>A mail server.</summary>
public sealed record SmtpServer(string Host, int Port, bool StartTls, string User, string Password, string From) : MessageProvider;

/// <summary>SendGrid's v3 HTTP API. <paramref name="BaseUrl"/> is theirs unless a test or a proxy stands in.</summary>
public sealed record SendGridAccount(Uri BaseUrl, string Key, string From) : MessageProvider
{
    public static readonly Uri Default = new("https://api.sendgrid.com");
}

/// <summary>Twilio's HTTP API for SMS.</summary>
public sealed record TwilioAccount(Uri BaseUrl, string AccountSid, string AuthToken, string From) : MessageProvider
{
    public static readonly Uri Default = new("https://api.twilio.com");
}

/// <summary>Any HTTP service: gets the message as JSON, signed with the shared secret.</summary>
public sealed record Webhook(Uri Url, string Secret) : MessageProvider;
