namespace Latchkey.Data;

public static class TimeProviderExtensions
{
    /// <summary>The time as it stands in every <c>*_at</c> column: unix milliseconds.</summary>
    public static long Now(this TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
