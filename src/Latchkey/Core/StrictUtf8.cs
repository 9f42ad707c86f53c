using System.Net;
using System.Text;

namespace Latchkey.Core;

/// <summary>
/// UTF-8 that takes nothing else. The usual decoder replaces what it cannot read by U+FFFD, so that two different passwords or handles
/// come out alike.
/// </summary>
public static class StrictUtf8
{
    /// <summary>Throws <see cref="DecoderFallbackException"/> for other bytes.</summary>
    public static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null for bytes that are not UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Percent-decodes (WHATWG URL §5.1: a plus is a space); null when the bytes are not UTF-8.</summary>
    public static string? PercentDecode(ReadOnlySpan<byte> escaped) =>
        Decode(WebUtility.UrlDecodeToBytes(escaped.ToArray(), 0, escaped.Length) ?? []);

    /// <summary>
    /// Whether a text that the system decoded for us (arguments, environment, standard input) had bytes that are not UTF-8.
    /// </summary>
    public static bool IsDamaged(string text) => text.Contains('\uFFFD', StringComparison.Ordinal);
}
