using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Latchkey.Tests.Messages.Providers;

/// <summary>What a provider took.</summary>
public sealed record ReceivedMessage(string To, string From, string Subject, string Text, string Html, string Raw);

/// <summary>SendGrid, Twilio and a webhook's receiver in one real HTTP server, each checking requests as the real one does.</summary>
public sealed class FakeProviders : IAsyncDisposable
{
    public const string SendGridKey = "SG.canary-sendgrid-key";
    public const string TwilioSid = "ACcanary";
    public const string TwilioToken = "canary-twilio-token";
    public const string HookSecret = "canary-webhook-secret";

    private readonly ConcurrentQueue<(int Status, string Body, string? ContentType)> planned = new();
    private readonly WebApplication web;

    private FakeProviders(WebApplication web) => this.web = web;

    public Uri Address => new(web.Urls.Single());

    public Uri WebhookUrl => new(Address, "/hook");

    /// <summary>What makes a server take it for SendGrid and Twilio.</summary>
    public (string Name, string Value)[] Environment =>
        [("LATCHKEY_SENDGRID_URL", Address.AbsoluteUri), ("LATCHKEY_TWILIO_URL", Address.AbsoluteUri)];

    /// <summary>Messages in the order they were taken.</summary>
    public ConcurrentQueue<ReceivedMessage> Received { get; } = new();

    public static async Task<FakeProviders> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var standIn = new FakeProviders(builder.Build());
        standIn.web.MapPost("/v3/mail/send", standIn.SendGrid);
        standIn.web.MapPost("/2010-04-01/Accounts/{sid}/Messages.json", standIn.Twilio);
        standIn.web.MapPost("/hook", standIn.Webhook);
        await standIn.web.StartAsync();
        return standIn;
    }

    /// <summary>What it answers next, instead of taking the message; <c>{echo}</c> stands for the request's headers and body.</summary>
    public void EnqueueResponse(int status, string body = "", string? contentType = "text/plain") =>
        planned.Enqueue((status, body, contentType));

    /// <summary>Forgets what it took and what was planned.</summary>
    public void Clear()
    {
        Received.Clear();
        planned.Clear();
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();

    private async Task<IResult> SendGrid(HttpRequest request)
    {
        var raw = await Read(request);
        if (Bearer(request, "Bearer") != SendGridKey)
        {
            return Answer(
                401,
                """{"errors":[{"message":"The provided authorization grant is invalid, expired, or revoked","field":null,"help":null}]}"""
            );
        }

        if (Next(request, raw) is { } instead)
        {
            return instead;
        }

        using var json = JsonDocument.Parse(raw);
        var mail = json.RootElement;
        string[] known = ["personalizations", "from", "reply_to", "subject", "content", "attachments", "custom_args", "tracking_settings"];
        if (
            request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true
            || mail.EnumerateObject().Any(p => !known.Contains(p.Name))
        )
        {
            return Answer(400, """{"errors":[{"message":"Bad Request","field":null,"help":null}]}""");
        }

        var content = mail.GetProperty("content")
            .EnumerateArray()
            .Select(part => (Type: part.GetProperty("type").GetString(), Value: part.GetProperty("value").GetString()))
            .ToList();
        if (
            !content.Select(part => part.Type).SequenceEqual(["text/plain", "text/html"])
            || content.Any(part => string.IsNullOrEmpty(part.Value))
            || mail.GetProperty("subject").GetString() is not { Length: > 0 } subject
        )
        {
            return Answer(
                400,
                """{"errors":[{"message":"The content value must be a string at least one character in length.","field":"content.0.value","help":null}]}"""
            );
        }

        if (
            mail.TryGetProperty("attachments", out var files)
            && files.EnumerateArray().Any(file => file.GetProperty("type").GetString()!.Contains(';', StringComparison.Ordinal))
        )
        {
            return Answer(
                400,
                """{"errors":[{"message":"The attachment type cannot contain ';', or CRLF characters.","field":"attachments.0.type","help":null}]}"""
            );
        }

        var to = mail.GetProperty("personalizations")
            .EnumerateArray()
            .Single()
            .GetProperty("to")
            .EnumerateArray()
            .Single()
            .GetProperty("email")
            .GetString()!;
        Received.Enqueue(
            new(to, mail.GetProperty("from").GetProperty("email").GetString()!, subject, content[0].Value!, content[1].Value!, raw)
        );
        return TypedResults.StatusCode(202);
    }

    private async Task<IResult> Twilio(HttpRequest request, string sid)
    {
        var raw = await Read(request);
        if (sid != TwilioSid || Bearer(request, "Basic") != Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TwilioSid}:{TwilioToken}")))
        {
            return Answer(
                401,
                """{"code":20003,"message":"Authenticate","more_info":"https://www.twilio.com/docs/errors/20003","status":401}"""
            );
        }

        if (Next(request, raw) is { } instead)
        {
            return instead;
        }

        var form = QueryHelpers.ParseQuery(raw);
        if (
            request.ContentType != "application/x-www-form-urlencoded"
            || !form.Keys.Order().SequenceEqual(["Body", "From", "To"])
            || form["To"].ToString() is not ['+', ..]
            || form["Body"].ToString().Length == 0
        )
        {
            return Answer(
                400,
                """{"code":21211,"message":"Invalid 'To' Phone Number","more_info":"https://www.twilio.com/docs/errors/21211","status":400}"""
            );
        }

        Received.Enqueue(new(form["To"]!, form["From"]!, "", form["Body"]!, "", raw));
        return Answer(201, """{"sid":"SM1","status":"queued"}""");
    }

    private async Task<IResult> Webhook(HttpRequest request)
    {
        var raw = await Read(request);
        var signature = request
            .Headers["latchkey-signature"]
            .ToString()
            .Split(',')
            .Select(part => part.Split('=', 2))
            .ToDictionary(part => part[0], part => part[1]);
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(HookSecret), Encoding.UTF8.GetBytes($"{signature["t"]}.{raw}"));
        var age = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(signature["t"]);
        if (signature["v1"] != Convert.ToHexStringLower(expected) || Math.Abs(age) > 300)
        {
            return Answer(401, "the signature is wrong");
        }

        if (Next(request, raw) is { } instead)
        {
            return instead;
        }

        using var json = JsonDocument.Parse(raw);
        string Text(string name) => json.RootElement.GetProperty(name).GetString() ?? "";
        Received.Enqueue(new(Text("to"), Text("appName"), Text("subject"), Text("text"), Text("html"), raw));
        return TypedResults.Ok();
    }

    private IResult? Next(HttpRequest request, string raw)
    {
        if (!planned.TryDequeue(out var plan))
        {
            return null;
        }

        var echo = string.Join('\n', request.Headers.Select(header => $"{header.Key}: {header.Value}")) + "\n" + raw;
        return Answer(plan.Status, plan.Body.Replace("{echo}", echo, StringComparison.Ordinal), plan.ContentType);
    }

    private static IResult Answer(int status, string body, string? contentType = "application/json") =>
        new RawResult(status, Encoding.UTF8.GetBytes(body), contentType);

    private static string? Bearer(HttpRequest request, string scheme) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) && header.Scheme == scheme
            ? header.Parameter
            : null;

    private static async Task<string> Read(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body, new UTF8Encoding(false, true));
        return await reader.ReadToEndAsync();
    }

    /// <summary>An answer whose content type is sent as it is, however broken.</summary>
    private sealed class RawResult(int status, byte[] body, string? contentType) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.Headers.ContentType = contentType;
            return httpContext.Response.Body.WriteAsync(body).AsTask();
        }
    }
}
