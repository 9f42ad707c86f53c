using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Parses times in import files, in the formats of databases, spreadsheets and programming languages.</summary>
public static partial class ImportTime
{
    private const double FirstInMilliseconds = 1e11;
    private const double FirstInMicroseconds = 1e14;
    private const double FirstInNanoseconds = 1e17;
    private const double FirstBeyondAll = 1e20;
    private const int MaxLength = 100;
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.eE+");

    private static readonly long Latest = new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>
    /// Formats other than ISO 8601, without the zone. Ambiguous formats are missing: a date with slashes must begin with the year, or have
    /// AM or PM after it, which only occurs after month/day/year.
    /// </summary>
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd HH:mm",
        "ddd, d MMM yyyy HH:mm:ss", // RFC 1123
        "ddd MMM d yyyy HH:mm:ss", // JavaScript
        "ddd MMM d HH:mm:ss yyyy", // C
        "d.M.yyyy",
        "d.M.yyyy H:mm",
        "d.M.yyyy H:mm:ss",
        "yyyy/M/d",
        "yyyy/M/d H:mm",
        "yyyy/M/d H:mm:ss",
        "M/d/yyyy h:mm tt",
        "M/d/yyyy h:mm:ss tt",
        "MMM d yyyy h:mmtt", // SQL Server
        "MMM d, yyyy",
        "MMM d, yyyy, h:mm:ss tt",
        "MMMM d, yyyy",
        "d MMM yyyy",
        "d MMM yyyy HH:mm:ss",
        "yyyyMMdd'T'HHmmss",
    ];

    private static readonly string[] Digits = ["yyyyMMdd", "yyyyMMddHHmmss"];

    /// <summary>
    /// Unix milliseconds from ISO 8601, from unix seconds, milliseconds, microseconds or nanoseconds, or from another common format; null
    /// for anything else, and for times before 1970 or after 2199. A time without a zone is in UTC.
    /// </summary>
    public static long? Read(string text) =>
        (ReadNumber(text) ?? ReadDate(text)?.ToUnixTimeMilliseconds()) is >= 0 and var time && time < Latest ? time : null;

    /// <summary>Whether the text is a placeholder for no time, such as <c>0000-00-00</c>.</summary>
    public static bool IsNever(string text) =>
        text == "0"
        || text.StartsWith("0000-00-00", StringComparison.Ordinal)
        || text.StartsWith("0001-01-01", StringComparison.Ordinal)
        || text.StartsWith("1/1/0001", StringComparison.Ordinal);

    /// <summary>Whether a time, or PostgreSQL's infinity, is in the future; null when it is not a time.</summary>
    public static bool? IsFuture(string text, long now) =>
        IsNever(text) ? false
        : text.Equals("infinity", StringComparison.OrdinalIgnoreCase) ? true
        : (ReadNumber(text) ?? ReadDate(text)?.ToUnixTimeMilliseconds()) is { } time ? time > now
        : null;

    private static long? ReadNumber(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(NumberCharacters) || (text.Length is 8 or 14 && text[0] is '1' or '2' && text[1] is '9' or '0'))
        {
            return null;
        }

        return
            double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            && number < FirstBeyondAll
            ? (long)
                Math.Round(
                    number < FirstInMilliseconds ? number * 1000
                    : number < FirstInMicroseconds ? number
                    : number < FirstInNanoseconds ? number / 1000
                    : number / 1_000_000
                )
            : null;
    }

    private static DateTimeOffset? ReadDate(string text) =>
        text.Length >= 10
        && text[4] == '-'
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var iso)
            ? iso
            : ReadOtherDate(text);

    private static DateTimeOffset? ReadOtherDate(string text)
    {
        if (text.Length > MaxLength)
        {
            return null;
        }

        var bracket = text.IndexOf(" (", StringComparison.Ordinal); // JavaScript appends the zone's name
        var plain = (bracket < 0 ? text : text[..bracket]).Trim(' ', '"').Replace('\u202F', ' '); // the narrow no-break space of ICU
        var zone = Zone().Match(plain);
        var local = zone.Success ? zone.Groups["local"].Value : plain;
        return
            (
                DateTime.TryParseExact(local, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var time)
                || DateTime.TryParseExact(local, Digits, CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
            ) && time.Year is > 1 and < 9999
            ? new DateTimeOffset(time, Offset(zone))
            : null;
    }

    private static TimeSpan Offset(Match zone)
    {
        if (!zone.Groups["hours"].Success)
        {
            return TimeSpan.Zero;
        }

        var (hours, minutes) = (Number(zone.Groups["hours"]), Number(zone.Groups["minutes"]));
        var offset = new TimeSpan(Math.Min(hours, 13), Math.Min(minutes, 59), 0);
        return zone.Groups["sign"].ValueSpan is "-" ? -offset : offset;
    }

    private static int Number(Group digits) => digits.Success ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    /// <summary>A zone after a time of day: UTC, GMT, an offset, or an offset with a name.</summary>
    [GeneratedRegex(
        @"^(?<local>.*:[0-9]{2}(\.[0-9]{1,7}| ?[AP]M)?)[0-9]* ?(UTC|GMT|Z)?"
            + @"((?<sign>[+-])(?<hours>[0-9]{2}):?(?<minutes>[0-9]{2})?( [A-Z]{3,4})?)?\z"
            + @"|^(?<local>[0-9]{8}T[0-9]{6})Z\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Zone();
}
