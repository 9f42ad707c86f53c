using System.Text.Json;

namespace Latchkey.Jobs;

/// <summary>A server of this installation.</summary>
public sealed record Node
{
    public string Id { get; init; } = "";

    /// <summary>The machine and the process.</summary>
    public string Name { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary>Unix milliseconds.</summary>
    public long StartedAt { get; init; }

    /// <summary>Its last sign of life, in unix milliseconds.</summary>
    public long SeenAt { get; init; }

    /// <summary>A JSON list of <see cref="WorkerState"/>.</summary>
    public string Work { get; init; } = "[]";

    public IReadOnlyList<WorkerState> Workers => JsonSerializer.Deserialize(Work, NodeJson.Default.WorkerStateArray) ?? [];
}
