namespace Latchkey.Activity.Audit;

/// <summary>A chunk of an export.</summary>
public sealed record ExportChunk
{
    public string AppId { get; init; } = "";

    public string JobId { get; init; } = "";

    /// <summary>From 0.</summary>
    public int Seq { get; init; }

    /// <summary>The entry after which the next chunk begins; empty in the last.</summary>
    public string Cursor { get; init; } = "";

    /// <summary>Number of entries up to the end of this chunk.</summary>
    public long Lines { get; init; }

    public byte[] Body { get; init; } = [];

    public long CreatedAt { get; init; }
}
