namespace Latchkey.Data;

/// <summary>Ids of rows: UUIDv7 (RFC 9562), so that they sort by the time they were made.</summary>
public static class Ids
{
    public static string New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow()).ToString();
}
