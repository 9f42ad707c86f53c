namespace Latchkey.HostedPages;

/// <summary>What the page after a refused form says, and what was typed.</summary>
/// <param name="Page">The page that shows it.</param>
/// <param name="Code">The error's.</param>
/// <param name="Handle">As it was typed; empty for nothing.</param>
/// <param name="WaitSeconds">How long to wait before the next try; 0 for not at all.</param>
public sealed record PageNote(string Page, int Code, string Handle, long WaitSeconds)
{
    /// <summary>The form was not ours, or too old. No error has this code.</summary>
    public const int StaleForm = -1;
}
