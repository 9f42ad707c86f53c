using System.Collections.Frozen;
using System.Text;
using Latchkey.Core;

namespace Latchkey.Provider;

/// <summary>
/// The parameters of a request to the provider, from a form or a query. An empty one is as if it was not sent (RFC 6749 §3.1), and one
/// that comes twice makes the request invalid, except those that may be repeated.
/// </summary>
public sealed class OAuthParameters
{
    /// <summary>Those that may come several times (RFC 8707 §2, RFC 8693 §2.1).</summary>
    private static readonly FrozenSet<string> Repeatable = FrozenSet.Create(StringComparer.Ordinal, "resource", "audience");

    private static readonly Error NotAForm = OAuthErrors.InvalidRequest with
    {
        Message = "The body must be application/x-www-form-urlencoded.",
    };

    private readonly IReadOnlyList<KeyValuePair<string, string>> pairs;

    private OAuthParameters(IReadOnlyList<KeyValuePair<string, string>> pairs) => this.pairs = pairs;

    /// <summary>All of them with a value, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => pairs;

    /// <summary>The value; null when it was not sent.</summary>
    public string? this[string name] => pairs.FirstOrDefault(pair => pair.Key == name).Value;

    /// <summary>All values of one that may be repeated.</summary>
    public IReadOnlyList<string> Values(string name) => [.. pairs.Where(pair => pair.Key == name).Select(pair => pair.Value)];

    public bool Has(string name) => this[name] is not null;

    /// <summary>The form of a POST. invalid_request for any other body, bad bytes, or a parameter that comes twice.</summary>
    public static async ValueTask<Result<OAuthParameters>> ReadForm(HttpRequest request) =>
        await ReadFormBody(request) is { } body ? Parse(body) : NotAForm;

    /// <summary>The query of a GET, or the form of a POST.</summary>
    public static async ValueTask<Result<OAuthParameters>> ReadFormOrQuery(HttpRequest request) =>
        (await ReadPairs(request)).Failed(out var all, out var unreadable) ? unreadable : From(all);

    /// <summary>As <see cref="ReadFormOrQuery"/>, with everything that comes twice or is empty.</summary>
    public static async ValueTask<Result<IReadOnlyList<KeyValuePair<string, string>>>> ReadPairs(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
            ? await ReadFormBody(request) is { } body
                ? Decode(body)
                : NotAForm
            : DecodeQuery(request.QueryString.Value ?? "");

    /// <summary>The names and values of a query, with everything that comes twice or is empty.</summary>
    public static Result<IReadOnlyList<KeyValuePair<string, string>>> DecodeQuery(string query) =>
        Decode(Encoding.UTF8.GetBytes(query.TrimStart('?')));

    public static Result<OAuthParameters> ParseQuery(string query) => Parse(Encoding.UTF8.GetBytes(query.TrimStart('?')));

    public static Result<OAuthParameters> From(IReadOnlyList<KeyValuePair<string, string>> all)
    {
        if (all.Any(pair => !Field.IsStorable(pair.Key) || !Field.IsStorable(pair.Value)))
        {
            return OAuthErrors.InvalidRequest with { Message = "A parameter has characters that are not text." };
        }

        // Counted before empty ones are left out: a copy that is empty is a copy.
        var twice = all.CountBy(pair => pair.Key, StringComparer.Ordinal)
            .FirstOrDefault(name => name.Value > 1 && !Repeatable.Contains(name.Key));
        return twice.Key is not null
            ? OAuthErrors.InvalidRequest with
            {
                Message = "A parameter comes twice.",
            }
            : new OAuthParameters([.. all.Where(pair => pair.Value.Length > 0)]);
    }

    private static Result<OAuthParameters> Parse(byte[] text) => Decode(text).Failed(out var all, out var refused) ? refused : From(all);

    private static Result<IReadOnlyList<KeyValuePair<string, string>>> Decode(byte[] text) =>
        FormDecoder.Decode(text, FrozenSet<string>.Empty) is { Succeeded: true } decoded
            ? decoded
            : OAuthErrors.InvalidRequest with
            {
                Message = "The parameters are not UTF-8.",
            };

    /// <summary>Null for a body that is no form.</summary>
    private static async ValueTask<byte[]?> ReadFormBody(HttpRequest request)
    {
        var body = await Fields.ReadBody(request);
        var mediaType = request.ContentType?.Split(';')[0].Trim();
        return body.Length > 0 && mediaType?.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true
            ? null
            : body;
    }
}
