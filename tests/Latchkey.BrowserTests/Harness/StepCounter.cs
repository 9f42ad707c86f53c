namespace Latchkey.BrowserTests.Harness;

/// <summary>Counts what a job takes in a page: clicks, and documents that are loaded.</summary>
public sealed class StepCounter
{
    public StepCounter(IPage page) => page.DOMContentLoaded += (_, _) => Loads++;

    public int Clicks { get; private set; }

    public int Loads { get; private set; }

    public async Task Click(ILocator control)
    {
        Clicks++;
        await control.ClickAsync();
    }
}
