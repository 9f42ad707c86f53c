namespace Latchkey.Data;

public static class TimeProviderExtensions
{
    /// <summary>The current time in unix milliseconds, as stored in every <c>*_at</c> column.</summary>
    public static long Now(this TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
