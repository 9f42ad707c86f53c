using System.Globalization;

namespace Latchkey.Core;

/// <summary>Dates on the wire: ISO 8601, UTC, with milliseconds (<c>2026-01-31T12:00:00.000Z</c>).</summary>
public static class WireDate
{
    public static string Format(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
