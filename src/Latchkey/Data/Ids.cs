namespace Latchkey.Data;

/// <summary>Ids of rows: UUIDv7 (RFC 9562), so that they sort by the time they were made.</summary>
public static class Ids
{
    public static string New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow()).ToString();

    /// <summary>No id that was made at this time or later sorts before it; every earlier one does.</summary>
    public static string LowerBound(long milliseconds) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{milliseconds >> 16:x8}-{milliseconds & 0xFFFF:x4}-");
}
