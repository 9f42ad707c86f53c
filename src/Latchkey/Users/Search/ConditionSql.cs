namespace Latchkey.Users.Search;

/// <summary>A condition in SQL.</summary>
/// <param name="Filter">Over columns of users.</param>
public sealed record ConditionSql(string Filter)
{
    /// <summary>How few users it finds, as a rule: those with a lower number are looked up first.</summary>
    public int Rank { get; init; }

    /// <summary>Columns that the filter needs, apart from those of every list.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>
    /// The same condition where an index has it in the order of creation, after the application and whether users are anonymous; null for
    /// none.
    /// </summary>
    public string? InOrderOfCreation { get; init; }

    /// <summary>As <see cref="InOrderOfCreation"/>, where an index has it in the order of the last login; null for none.</summary>
    public string? InOrderOfLogin { get; init; }

    /// <summary>The same condition where it is a range of times of creation; null for all others.</summary>
    public string? RangeOfCreation { get; init; }

    /// <summary>What <see cref="InOrderOfCreation"/> stands in, made from the columns to read; null for the table users.</summary>
    public Func<string, string>? Table { get; init; }

    /// <summary>Queries that select the ids of those who may match by an index, each some of them; empty for none.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];
}
