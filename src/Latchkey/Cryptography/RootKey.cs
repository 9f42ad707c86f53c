using System.Globalization;

namespace Latchkey.Cryptography;

/// <summary>A root key of the key ring. Its id is its file name and the UTC time from which it is active: <c>20260131120000</c>.</summary>
public sealed class RootKey
{
    private const string IdFormat = "yyyyMMddHHmmss";

    private RootKey(string id, DateTimeOffset sealsFrom, byte[] secret) => (Id, ActiveFrom, Secret) = (id, sealsFrom, secret);

    /// <summary>Sorts by age.</summary>
    public string Id { get; }

    public DateTimeOffset ActiveFrom { get; }

    /// <summary>256 random bits. Never used directly, only to derive keys.</summary>
    internal byte[] Secret { get; }

    public static string IdAt(DateTimeOffset sealsFrom) => sealsFrom.ToUniversalTime().ToString(IdFormat, CultureInfo.InvariantCulture);

    /// <summary>Null when the id is not a time.</summary>
    public static DateTimeOffset? ParseTime(string id) =>
        DateTimeOffset.TryParseExact(id, IdFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    internal static RootKey Create(string id, byte[] secret) =>
        new(id, ParseTime(id) ?? throw new FormatException($"{id} is not a key's time"), secret);
}
