using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Latchkey.Core;

/// <summary>
/// The parameters of a request, from its JSON or form body, or from the query of a GET. This class hides the difference: the Swift SDK
/// sends forms with raw JSON inside, the other SDKs send JSON.
/// </summary>
public sealed class Fields
{
    private static readonly JsonDocumentOptions StrictJson = new() { AllowDuplicateProperties = false, MaxDepth = 32 };
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, Field> values = new(StringComparer.Ordinal);

    public Field this[string name] => values.GetValueOrDefault(name, Field.Absent);

    /// <summary>Reads the request. 602 when the body does not parse or repeats a key, 415 when it is neither JSON nor a form.</summary>
    public static async ValueTask<Result<Fields>> Read(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return FromQuery(request.Query);
        }

        var body = await ReadBody(request);
        if (body.Length == 0)
        {
            return new Fields();
        }

        var mediaType = request.ContentType?.Split(';')[0].Trim();
        if (mediaType is null)
        {
            return body[0] == (byte)'{' ? FromJson(body) : FromForm(body);
        }

        if (mediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return FromForm(body);
        }

        return
            mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
            ? FromJson(body)
            : ErrorCodes.UnsupportedMediaType;
    }

    private static Result<Fields> FromQuery(IQueryCollection query)
    {
        var fields = new Fields();
        foreach (var (name, texts) in query)
        {
            if (texts.Count != 1 || !fields.Add(name, Field.FromText(texts[0] ?? "")))
            {
                return ErrorCodes.InvalidData.WithCause($"query key '{name}' is repeated or not text");
            }
        }

        return fields;
    }

    private static Result<Fields> FromJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(SkipByteOrderMark(body), StrictJson);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return ErrorCodes.InvalidData.WithCause("the body is not a JSON object");
            }

            var fields = new Fields();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                fields.Add(property.Name, Field.FromJson(property.Value));
            }

            return fields;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return ErrorCodes.InvalidData.WithCause("the body is not JSON");
        }
    }

    private static Result<Fields> FromForm(ReadOnlyMemory<byte> body)
    {
        string text;
        try
        {
            text = StrictUtf8.GetString(body.Span);
        }
        catch (ArgumentException)
        {
            return ErrorCodes.InvalidData.WithCause("the form is not UTF-8");
        }

        var fields = new Fields();
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var split = pair.IndexOf('=', StringComparison.Ordinal);
            var name = WebUtility.UrlDecode(split < 0 ? pair : pair[..split]);
            var value = split < 0 ? "" : WebUtility.UrlDecode(pair[(split + 1)..]);
            if (!fields.Add(name, Field.FromText(value)))
            {
                return ErrorCodes.InvalidData.WithCause("a form key is repeated");
            }
        }

        return fields;
    }

    private bool Add(string name, Field field) => values.TryAdd(name, field);

    private static ReadOnlyMemory<byte> SkipByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[3..] : body;

    private static async ValueTask<byte[]> ReadBody(HttpRequest request)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
