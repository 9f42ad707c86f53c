using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Providers;

/// <summary>SendGrid's v3 mail/send (https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send).</summary>
public sealed class SendGridSender(HttpDelivery http)
{
    public async Task<Delivery> Send(SendGridAccount account, OutgoingMessage message, CancellationToken stop)
    {
        using var content = JsonContent.Create(Request(account, message));
        return await http.Post(
            new Uri(account.BaseUrl, "/v3/mail/send"),
            account.IsDeveloperHost,
            content,
            request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.Key),
            stop
        );
    }

    private static JsonObject Request(SendGridAccount account, OutgoingMessage message)
    {
        var body = message.Body;
        var request = new JsonObject
        {
            ["personalizations"] = new JsonArray(
                new JsonObject { ["to"] = new JsonArray(new JsonObject { ["email"] = message.Recipient }) }
            ),
            ["from"] = new JsonObject { ["email"] = account.From, ["name"] = message.SenderName },
            ["subject"] = body.Subject,
            ["content"] = new JsonArray(Part("text/plain", body.Text), Part("text/html", body.Html)),
            ["custom_args"] = new JsonObject { ["message_id"] = message.Id },
            ["tracking_settings"] = new JsonObject
            {
                ["click_tracking"] = new JsonObject { ["enable"] = false, ["enable_text"] = false },
            }, // no click tracking: links are credentials
        };
        if (body.ReplyTo is { Length: > 0 } replyTo)
        {
            request["reply_to"] = new JsonObject { ["email"] = replyTo };
        }

        if (body.QrCode is { } png)
        {
            request["attachments"] = new JsonArray(
                new JsonObject
                {
                    ["content"] = png,
                    ["type"] = "image/png",
                    ["filename"] = "qrcode.png",
                    ["disposition"] = "inline",
                    ["content_id"] = MessageBody.QrCodeId,
                }
            );
        }

        if (body.Attachment is { } file)
        {
            request["attachments"] = new JsonArray(
                new JsonObject
                {
                    ["content"] = file.Content,
                    ["type"] = file.ContentType.Split(';')[0], // SendGrid refuses parameters such as the charset
                    ["filename"] = file.Name,
                    ["disposition"] = "attachment",
                }
            );
        }

        return request;
    }

    private static JsonObject Part(string type, string value) => new() { ["type"] = type, ["value"] = value };
}
