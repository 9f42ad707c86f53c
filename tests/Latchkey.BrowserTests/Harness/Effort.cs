namespace Latchkey.BrowserTests.Harness;

/// <summary>What a job costs a person: clicks, and pages that were loaded since the counting began.</summary>
public sealed class Effort
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly IPage page;

    public Effort(IPage page)
    {
        this.page = page;
        page.Load += (_, _) => Loads++;
    }

    public int Clicks { get; private set; }

    public int Loads { get; private set; }

    /// <summary>Clicks what leads to another page, and waits for it.</summary>
    public async Task Click(ILocator what)
    {
        Clicks++;
        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Loaded(object? sender, IPage one) => loaded.TrySetResult();
        page.Load += Loaded;
        await what.ClickAsync();
        await loaded.Task.WaitAsync(MaxWait);
        page.Load -= Loaded;
    }

    public Task Follow(string link) => Click(page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).First);
}
