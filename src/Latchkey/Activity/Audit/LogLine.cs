namespace Latchkey.Activity.Audit;

/// <summary>An entry of the log, as stored.</summary>
public sealed record LogLine
{
    public string Id { get; init; } = "";

    public string Action { get; init; } = "";

    public string Actor { get; init; } = "";

    public string Handle { get; init; } = "";

    /// <summary>0 for success; otherwise the error code.</summary>
    public int Code { get; init; }

    public string Detail { get; init; } = "";

    public string Client { get; init; } = "";

    /// <summary>As <see cref="AuditChange.Write"/> wrote it; null for none, and in entries of earlier versions.</summary>
    public string? Changes { get; init; }

    /// <summary>What changed, from what to what.</summary>
    public IReadOnlyList<AuditChange> ChangeList => AuditChange.Read(Changes);

    /// <summary>The number of identical entries within a minute.</summary>
    public int Count { get; init; }

    /// <summary>Whether the handle is a developer's, and no user's.</summary>
    public bool IsAboutMember => MemberActions.All.Contains(Action, StringComparer.Ordinal);

    /// <summary>Unix milliseconds.</summary>
    public long At { get; init; }
}
