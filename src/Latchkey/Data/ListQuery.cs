namespace Latchkey.Data;

/// <summary>A paged list: literal SQL from the store that owns the table.</summary>
public sealed record ListQuery
{
    /// <summary>The columns to read. The other conditions use only these and app_id.</summary>
    public required string Columns { get; init; }

    public required string Table { get; init; }

    /// <summary>The leading condition of the sections' indexes: the application.</summary>
    public required string Scope { get; init; }

    /// <summary>The sections of the list, in order.</summary>
    public required IReadOnlyList<ListSection> Sections { get; init; }

    /// <summary>A condition that no section's index covers; empty for none.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Where scans read, when an index in the order of the sections has part of the filter; null for the table.</summary>
    public ListScan? Scan { get; init; }

    /// <summary>
    /// Each selects the ids of at most <c>@limit</c> rows that may match the filter, by another index. The first one that yields few is
    /// used.
    /// </summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>The parameters of the conditions, including <c>appId</c>.</summary>
    public required IReadOnlyDictionary<string, object?> Values { get; init; }
}
