namespace Latchkey.Applications.Status;

/// <summary>A status that an application had, or has.</summary>
public sealed record StatusRow
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>The status before; null for the first.</summary>
    public string? Previous { get; init; }

    public string Status { get; init; } = "";

    /// <summary>Why, in the words of whoever set it; the developer reads it.</summary>
    public string Reason { get; init; } = "";

    /// <summary>An e-mail address, the command line, or the upgrade that began the history.</summary>
    public string Actor { get; init; } = "";

    public long BeganAt { get; init; }
}
