namespace Latchkey.Tests.Harness;

/// <summary>Waits for the thing itself, by asking for it again and again.</summary>
public static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task IsTrue(string what, Func<Task<bool>> check, TimeSpan? patience = null) =>
        IsThere(what, async () => await check() ? "yes" : null, patience);

    public static async Task<T> IsThere<T>(string what, Func<Task<T?>> look, TimeSpan? patience = null)
        where T : class
    {
        using var end = new CancellationTokenSource(patience ?? Patience);
        while (!end.IsCancellationRequested)
        {
            if (await look() is { } found)
            {
                return found;
            }

            await Task.Delay(Pause);
        }

        throw new TimeoutException($"waited in vain: {what}");
    }
}
