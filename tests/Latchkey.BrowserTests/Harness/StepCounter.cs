namespace Latchkey.BrowserTests.Harness;

/// <summary>Counts what a job costs a person in a page: clicks, and documents that were loaded since the counting began.</summary>
public sealed class StepCounter
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly IPage page;

    public StepCounter(IPage page)
    {
        this.page = page;
        page.DOMContentLoaded += (_, _) => Loads++;
    }

    public int Clicks { get; private set; }

    public int Loads { get; private set; }

    public async Task Click(ILocator control)
    {
        Clicks++;
        await control.ClickAsync();
    }

    /// <summary>Clicks what leads to another page, and waits for it.</summary>
    public async Task Open(ILocator what)
    {
        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Loaded(object? sender, IPage one) => loaded.TrySetResult();
        page.Load += Loaded;
        await Click(what);
        await loaded.Task.WaitAsync(MaxWait);
        page.Load -= Loaded;
    }

    public Task Follow(string link) => Open(page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).First);
}
