namespace Latchkey.Core.Configuration;

/// <summary>Twilio's HTTP API for SMS.</summary>
public sealed record TwilioAccount(Uri BaseUrl, string AccountSid, string AuthToken, string From) : MessageProvider
{
    public static readonly Uri Default = new("https://api.twilio.com");
}
