namespace Latchkey.Core.Configuration;

/// <summary>SendGrid's v3 HTTP API. <paramref name="BaseUrl"/> is SendGrid's, or that of a test or proxy.</summary>
public sealed record SendGridAccount(Uri BaseUrl, string Key, string From) : MessageProvider
{
    public static readonly Uri Default = new("https://api.sendgrid.com");
}
