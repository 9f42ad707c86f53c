using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Core;

namespace Latchkey.Billing.Payments;

/// <summary>
/// The header Stripe-Signature of a webhook (https://docs.stripe.com/webhooks/signature): <c>t=</c> a time in unix seconds, and one
/// <c>v1=</c> or more, each an HMAC-SHA256 of the time, a point and the body as it came. Stripe sends one for each secret that is valid
/// while a secret is changed.
/// </summary>
public static class StripeSignature
{
    public const string Header = "Stripe-Signature";

    /// <summary>How far the time may be from now, before or after.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const int MaxHeaderLength = 2048;

    /// <summary>Null when the signature is right; else the cause.</summary>
    /// <param name="body">The body's bytes as they came.</param>
    /// <param name="header">The header; null when it was not sent.</param>
    /// <param name="secrets">The endpoint's secrets; one that fits is enough.</param>
    /// <param name="now">The time of the database.</param>
    public static Error? Check(ReadOnlySpan<byte> body, string? header, IEnumerable<string> secrets, DateTimeOffset now)
    {
        if (header is not { Length: > 0 and <= MaxHeaderLength } || Parse(header) is not { } parsed)
        {
            return Refused("The header Stripe-Signature is missing, or has another form than t=…,v1=….");
        }

        // The signature first: who cannot sign learns nothing about the clock.
        byte[] signed = [.. Encoding.ASCII.GetBytes(parsed.Time + "."), .. body];
        var isSigned = false;
        foreach (var secret in secrets)
        {
            var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
            foreach (var signature in parsed.Signatures)
            {
                isSigned |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }

        return !isSigned ? Refused("The signature does not fit the body. Check the signing secret of the webhook endpoint.")
            : (now - DateTimeOffset.FromUnixTimeSeconds(parsed.Seconds)).Duration() > Tolerance
                ? Refused("The event was signed more than 5 minutes ago or ahead. Check the clock, or send the event again.")
            : null;
    }

    private static Error Refused(string sentence) => ErrorCodes.InvalidData with { Message = sentence };

    private static (string Time, long Seconds, List<byte[]> Signatures)? Parse(string header)
    {
        string? time = null;
        var signatures = new List<byte[]>();
        foreach (var part in header.Split(','))
        {
            var pair = part.Trim().Split('=', 2);
            if (pair is ["t", var given])
            {
                if (time is not null)
                {
                    return null;
                }

                time = given;
            }
            else if (pair is ["v1", { Length: 64 } hex] && hex.All(char.IsAsciiHexDigit))
            {
                signatures.Add(Convert.FromHexString(hex));
            }
        }

        return
            time is { Length: <= 11 }
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && signatures.Count > 0
            ? (time, seconds, signatures)
            : null;
    }
}
