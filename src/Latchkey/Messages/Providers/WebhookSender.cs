using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Latchkey.Core.Configuration;

namespace Latchkey.Messages.Providers;

/// <summary>
/// Posts a message as JSON to a service of the operator or developer. The header <c>latchkey-signature: t=…,v1=…</c> holds the unix
/// time in seconds (t) and the hex HMAC-SHA-256 of <c>t.body</c> (v1), keyed with the shared secret.
/// </summary>
public sealed class WebhookSender(HttpDelivery http, TimeProvider clock)
{
    public const string SignatureHeader = "latchkey-signature";

    public async Task<Delivery> Send(Webhook hook, OutgoingMessage message, CancellationToken stop)
    {
        var json = Encoding.UTF8.GetBytes(Request(message).ToJsonString());
        using var content = new ByteArrayContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return await http.Post(
            hook.Url,
            hook.IsDeveloperHost,
            content,
            request => request.Headers.Add(SignatureHeader, Sign(hook.Secret, json)),
            stop
        );
    }

    private string Sign(string secret, byte[] json)
    {
        var time = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes($"{time}."), .. json]);
        return $"t={time},v1={Convert.ToHexStringLower(signature)}";
    }

    private static JsonObject Request(OutgoingMessage message) =>
        new()
        {
            ["id"] = message.Id,
            ["channel"] = message.Channel,
            ["kind"] = message.Kind,
            ["appId"] = message.AppId,
            ["appName"] = message.SenderName,
            ["to"] = message.Recipient,
            ["subject"] = message.Body.Subject,
            ["text"] = message.Body.Text,
            ["html"] = message.Body.Html,
            ["code"] = message.Body.Code,
            ["link"] = message.Body.Link,
            ["replyTo"] = message.Body.ReplyTo,
            ["qrCode"] = message.Body.QrCode,
            ["attachment"] = message.Body.Attachment is { } file
                ? new JsonObject
                {
                    ["name"] = file.Name,
                    ["contentType"] = file.ContentType,
                    ["content"] = file.Content,
                }
                : null,
        };
}
