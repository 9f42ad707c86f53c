using System.Buffers;
using System.Collections.Frozen;
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

    /// <summary>The field in which a space of a form is a plus that its client did not escape: no handle has a space inside.</summary>
    private const string HandleField = "handle";
    private static readonly FrozenSet<string> NoNames = [];

    private readonly Dictionary<string, Field> values = new(StringComparer.Ordinal);

    public Field this[string name] => values.GetValueOrDefault(name, Field.Absent);

    /// <summary>Reads the request. 602 when the body does not parse or repeats a key, 415 when it is neither JSON nor a form.</summary>
    /// <param name="request">The request, whose body nobody has read.</param>
    /// <param name="knownNames">The names of the function's parameters.</param>
    public static async ValueTask<Result<Fields>> Read(HttpRequest request, IReadOnlySet<string> knownNames)
    {
        if (HttpMethods.IsGet(request.Method))
        {
            return FromQuery(request.QueryString);
        }

        var body = await ReadBody(request);
        if (body.Length == 0)
        {
            return new Fields();
        }

        var mediaType = request.ContentType?.Split(';')[0].Trim();
        if (mediaType is null)
        {
            return body[0] == (byte)'{' ? FromJson(body) : FromForm(body, knownNames);
        }

        if (mediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return FromForm(body, knownNames);
        }

        return
            mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
            ? FromJson(body)
            : ErrorCodes.UnsupportedMediaType;
    }

    private static Result<Fields> FromQuery(QueryString query) =>
        FormDecoder.Decode(Encoding.UTF8.GetBytes(query.Value?.TrimStart('?') ?? ""), NoNames).Failed(out var pairs, out var refused)
            ? refused
            : FromPairs(pairs);

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

    private static Result<Fields> FromForm(ReadOnlyMemory<byte> body, IReadOnlySet<string> knownNames) =>
        FormDecoder.Decode(body.Span, knownNames).Failed(out var pairs, out var refused) ? refused : FromPairs(pairs.Select(RestorePlus));

    private static KeyValuePair<string, string> RestorePlus(KeyValuePair<string, string> pair) =>
        pair.Key == HandleField ? new(pair.Key, pair.Value.Trim().Replace(' ', '+')) : pair;

    private static Result<Fields> FromPairs(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var fields = new Fields();
        return pairs.All(pair => fields.Add(pair.Key, Field.FromText(pair.Value)))
            ? fields
            : ErrorCodes.InvalidData.WithCause("a key is repeated");
    }

    private bool Add(string name, Field field) => values.TryAdd(name, field);

    private static ReadOnlyMemory<byte> SkipByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[3..] : body;

    /// <summary>The body, up to the server's limit.</summary>
    /// <exception cref="IOException">It broke off, or is too large.</exception>
    public static async ValueTask<byte[]> ReadBody(HttpRequest request)
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
