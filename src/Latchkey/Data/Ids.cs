namespace Latchkey.Data;

/// <summary>Row ids: UUIDv7 (RFC 9562), which sort by creation time.</summary>
public static class Ids
{
    public static string New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow()).ToString();
}
