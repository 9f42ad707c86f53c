using System.Net.Http.Headers;
using System.Text;
using Latchkey.Core.Configuration;

namespace Latchkey.Messages.Providers;

/// <summary>Twilio's Messages resource (https://www.twilio.com/docs/messaging/api/message-resource).</summary>
public sealed class TwilioSender(HttpDelivery http)
{
    public async Task<Delivery> Send(TwilioAccount account, OutgoingMessage message, CancellationToken stop)
    {
        using var content = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["To"] = message.Recipient,
                ["From"] = account.From,
                ["Body"] = message.Body.Text,
            }
        );
        var url = new Uri(account.BaseUrl, $"/2010-04-01/Accounts/{Uri.EscapeDataString(account.AccountSid)}/Messages.json");
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.AccountSid}:{account.AuthToken}"));
        return await http.Post(
            url,
            account.IsDeveloperHost,
            content,
            request => request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials),
            stop
        );
    }
}
