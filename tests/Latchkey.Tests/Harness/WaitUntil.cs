namespace Latchkey.Tests.Harness;

/// <summary>Waits for the thing itself, by asking for it again and again.</summary>
public static class WaitUntil
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public static Task IsTrue(string what, Func<Task<bool>> check, TimeSpan? timeout = null) =>
        IsNotNull(what, async () => await check() ? "yes" : null, timeout);

    public static async Task<T> IsNotNull<T>(string what, Func<Task<T?>> look, TimeSpan? timeout = null)
        where T : class
    {
        using var end = new CancellationTokenSource(timeout ?? Timeout);
        while (!end.IsCancellationRequested)
        {
            if (await look() is { } found)
            {
                return found;
            }

            await Task.Delay(PollInterval);
        }

        throw new TimeoutException($"waited in vain: {what}");
    }
}
