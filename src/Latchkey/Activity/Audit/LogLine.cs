namespace Latchkey.Activity.Audit;

/// <summary>A line of the log, as it is stored.</summary>
public sealed record LogLine
{
    public string Id { get; init; } = "";

    public string Action { get; init; } = "";

    public string Actor { get; init; } = "";

    public string Handle { get; init; } = "";

    /// <summary>0 for done; else the code of the refusal.</summary>
    public int Code { get; init; }

    public string Detail { get; init; } = "";

    public string Client { get; init; } = "";

    /// <summary>Unix milliseconds.</summary>
    public long At { get; init; }
}
