namespace Latchkey.Data;

/// <summary>A list that is read page by page: literal SQL of the store that owns the table.</summary>
public sealed record ListQuery
{
    /// <summary>The columns to read; the other conditions use no others, and app_id.</summary>
    public required string Columns { get; init; }

    public required string Table { get; init; }

    /// <summary>The condition that an index of the sections begins with: the application.</summary>
    public required string Scope { get; init; }

    /// <summary>The parts of the list, one after the other.</summary>
    public required IReadOnlyList<ListSection> Sections { get; init; }

    /// <summary>The condition that rows must meet and no section's index knows of; empty for none.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Selects the ids of at most <c>@most</c> rows that may meet the filter, by another index; null when there is none.</summary>
    public string? Candidates { get; init; }

    /// <summary>The parameters of the conditions, <c>appId</c> among them.</summary>
    public required IReadOnlyDictionary<string, object?> Values { get; init; }
}
