using System.Globalization;

namespace Latchkey.Cryptography;

/// <summary>A root key of the ring. Its id is its file's name and the time from which it seals: UTC, to the second, <c>20260131120000</c>.</summary>
public sealed class RootKey
{
    private const string Form = "yyyyMMddHHmmss";

    private RootKey(string id, DateTimeOffset sealsFrom, byte[] secret) => (Id, SealsFrom, Secret) = (id, sealsFrom, secret);

    /// <summary>Ids sort by age.</summary>
    public string Id { get; }

    public DateTimeOffset SealsFrom { get; }

    /// <summary>256 random bits; nothing is sealed with them, only with what is derived from them.</summary>
    internal byte[] Secret { get; }

    public static string IdAt(DateTimeOffset sealsFrom) => sealsFrom.ToUniversalTime().ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>Null when the id is not a time.</summary>
    public static DateTimeOffset? TimeOf(string id) =>
        DateTimeOffset.TryParseExact(id, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    internal static RootKey Of(string id, byte[] secret) => new(id, TimeOf(id)!.Value, secret);
}
