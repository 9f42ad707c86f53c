using System.Text;
using Latchkey.Core.Configuration;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Messages.Providers;

/// <summary>Passes a message to its provider's sender.</summary>
public sealed class MessageSenders(SmtpSender smtp, SendGridSender sendGrid, TwilioSender twilio, WebhookSender webhook)
{
    private const int MaxAnswerLength = 300;

    /// <summary>
    /// Sends the message. The response text is fit for the delivery log: one short line, with the provider's secrets removed.
    /// </summary>
    public async Task<Delivery> Send(MessageProvider provider, OutgoingMessage message, CancellationToken stop)
    {
        var delivery = await Dispatch(provider, message, stop);
        return delivery with { Answer = Redact(delivery.Answer, [.. SecretsOf(provider), message.Body.Code, TokenOf(message.Body.Link)]) };
    }

    private Task<Delivery> Dispatch(MessageProvider provider, OutgoingMessage message, CancellationToken stop) =>
        provider switch
        {
            SmtpServer server => smtp.Send(server, message, stop),
            SendGridAccount account => sendGrid.Send(account, message, stop),
            TwilioAccount account => twilio.Send(account, message, stop),
            Webhook hook => webhook.Send(hook, message, stop),
            _ => throw new NotSupportedException(provider.GetType().Name),
        };

    private static string?[] SecretsOf(MessageProvider provider) =>
        provider switch
        {
            SmtpServer server => [server.Password, server.Token],
            SendGridAccount account => [account.Key],
            TwilioAccount account => [account.AuthToken],
            Webhook hook => [hook.Secret],
            _ => [],
        };

    private static string? TokenOf(string? link) =>
        link is null ? null
        : QueryHelpers.ParseQuery(new Uri(link).Query) is var query && query.TryGetValue("code", out var code) ? code.ToString()
        : query["token"].ToString();

    private static string Redact(string answer, IEnumerable<string?> secrets)
    {
        foreach (var secret in secrets.OfType<string>().Where(secret => secret.Length > 0))
        {
            answer = answer.Replace(secret, "…", StringComparison.Ordinal);
        }

        var line = new StringBuilder();
        foreach (var rune in answer.EnumerateRunes().Take(MaxAnswerLength))
        {
            line.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return line.ToString().Trim();
    }
}
