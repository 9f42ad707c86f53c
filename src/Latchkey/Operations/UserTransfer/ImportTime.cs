using System.Globalization;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Parses times in import files.</summary>
public static class ImportTime
{
    private const long FirstInMilliseconds = 100_000_000_000;
    private static readonly long Latest = new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>
    /// Unix milliseconds from ISO 8601, unix seconds or unix milliseconds; null for anything else, and for times before 1970 or after 2199.
    /// </summary>
    public static long? Read(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return InRange(number < FirstInMilliseconds ? number * 1000 : number);
        }

        return
            text.Length >= 10
            && text[4] == '-'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? InRange(time.ToUnixTimeMilliseconds())
            : null;
    }

    private static long? InRange(long milliseconds) => milliseconds >= 0 && milliseconds < Latest ? milliseconds : null;
}
