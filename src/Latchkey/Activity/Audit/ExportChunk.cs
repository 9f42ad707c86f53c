namespace Latchkey.Activity.Audit;

/// <summary>A piece of an export.</summary>
public sealed record ExportChunk
{
    public string AppId { get; init; } = "";

    public string JobId { get; init; } = "";

    /// <summary>From 0.</summary>
    public int Seq { get; init; }

    /// <summary>After which line the next piece begins; empty in the last.</summary>
    public string Cursor { get; init; } = "";

    /// <summary>Lines so far, this piece included.</summary>
    public long Lines { get; init; }

    public byte[] Body { get; init; } = [];

    public long CreatedAt { get; init; }
}
