namespace Latchkey.Applications.Status;

/// <summary>A status change of an application.</summary>
public sealed record StatusRow
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>The previous status; null for the first.</summary>
    public string? Previous { get; init; }

    public string Status { get; init; } = "";

    /// <summary>The reason, shown to the developer.</summary>
    public string Reason { get; init; } = "";

    /// <summary>An e-mail address, the command line, or the upgrade that started the history.</summary>
    public string Actor { get; init; } = "";

    public long BeganAt { get; init; }
}
