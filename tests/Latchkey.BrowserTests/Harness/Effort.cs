namespace Latchkey.BrowserTests.Harness;

/// <summary>What a job costs a person: clicks, and pages that were loaded since the counting began.</summary>
public sealed class Effort
{
    private readonly IPage page;

    public Effort(IPage page)
    {
        this.page = page;
        page.Load += (_, _) => Loads++;
    }

    public int Clicks { get; private set; }

    public int Loads { get; private set; }

    public async Task Click(ILocator what)
    {
        Clicks++;
        await what.ClickAsync();
        await page.WaitForLoadStateAsync(LoadState.Load);
    }

    public Task Follow(string link) => Click(page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).First);
}
