namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>A small app of one kind that signs users in, complete: what to install, its files, and how to run it.</summary>
/// <param name="Key">In addresses.</param>
/// <param name="Title">The kind, and the library.</param>
/// <param name="Install">Commands of a shell, or what the platform has instead.</param>
/// <param name="Files">Each with its path in the project.</param>
/// <param name="Run">A command of a shell.</param>
internal sealed record QuickStart(string Key, string Title, string Install, IReadOnlyList<(string Path, string Text)> Files, string Run)
{
    /// <summary>What else is to be done, as sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether a test of Latchkey runs this very code. What needs a phone's tool chain is only reviewed.</summary>
    public bool IsTested { get; init; } = true;
}
