using System.Text;
using System.Text.Json;

namespace Latchkey.Core;

/// <summary>
/// Decodes <c>application/x-www-form-urlencoded</c> (WHATWG URL §5.1) as the contract's clients write it. The Swift SDK escapes almost
/// nothing, so raw JSON can stand in a form, with <c>&amp;</c>, <c>+</c> and <c>%</c> in it. An encoder never leaves <c>{</c> as it is:
/// a value that begins with one is raw.
/// </summary>
public static class FormDecoder
{
    /// <summary>Far more than any metadata; a deeper value is not JSON to us.</summary>
    private static readonly JsonReaderOptions Json = new() { MaxDepth = 64 };

    /// <summary>Of a parameter; longer than any.</summary>
    private const int MaxNameLength = 64;

    /// <summary>The names and values in their order. 602 when one is not UTF-8 after percent-decoding: no byte may be lost.</summary>
    /// <param name="form">The body, or a query without its question mark.</param>
    /// <param name="knownNames">The function's parameters, at which a raw value that is not JSON ends; empty for a query.</param>
    public static Result<IReadOnlyList<KeyValuePair<string, string>>> Decode(ReadOnlySpan<byte> form, IReadOnlySet<string> knownNames)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        while (!form.IsEmpty)
        {
            var end = EndOfPair(form, knownNames);
            var pair = form[..end];
            form = form[Math.Min(end + 1, form.Length)..];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.IndexOf((byte)'=');
            var escaped = equals < 0 ? [] : pair[(equals + 1)..];
            if (
                StrictUtf8.PercentDecode(equals < 0 ? pair : pair[..equals]) is not { } name
                || StrictUtf8.PercentDecode(IsRaw(escaped, knownNames) ? EscapePlus(escaped) : escaped) is not { } value
            )
            {
                return ErrorCodes.InvalidData.WithCause("the form is not UTF-8");
            }

            pairs.Add(new(name, value));
        }

        return pairs;
    }

    /// <summary>Where the first pair ends: at the next <c>&amp;</c>, unless its value is raw.</summary>
    private static int EndOfPair(ReadOnlySpan<byte> form, IReadOnlySet<string> knownNames)
    {
        var end = form.IndexOf((byte)'&');
        end = end < 0 ? form.Length : end;
        var start = form[..end].IndexOf((byte)'=') + 1;
        if (start == 0 || !IsRaw(form[start..], knownNames))
        {
            return end;
        }

        var json = start + JsonLength(form[start..]);
        return json > start && (json == form.Length || form[json] == '&') ? json : EndAtKnownName(form, end, knownNames);
    }

    private static int EndAtKnownName(ReadOnlySpan<byte> form, int end, IReadOnlySet<string> knownNames)
    {
        while (end < form.Length && !StartsWithKnownName(form[(end + 1)..], knownNames))
        {
            var next = form[(end + 1)..].IndexOf((byte)'&');
            end = next < 0 ? form.Length : end + 1 + next;
        }

        return end;
    }

    private static bool StartsWithKnownName(ReadOnlySpan<byte> form, IReadOnlySet<string> knownNames)
    {
        var equals = form[..Math.Min(form.Length, MaxNameLength + 1)].IndexOf((byte)'=');
        return equals > 0 && knownNames.Contains(Encoding.ASCII.GetString(form[..equals]));
    }

    private static bool IsRaw(ReadOnlySpan<byte> value, IReadOnlySet<string> knownNames) => knownNames.Count > 0 && value.StartsWith("{"u8);

    /// <summary>How many bytes the JSON value takes that begins here; 0 when it does not parse.</summary>
    private static int JsonLength(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, Json);
        try
        {
            return reader.Read() && reader.TrySkip() ? (int)reader.BytesConsumed : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    /// <summary>A plus in raw JSON is a plus.</summary>
    private static byte[] EscapePlus(ReadOnlySpan<byte> value) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(value).Replace("+", "%2B", StringComparison.Ordinal));
}
