namespace Latchkey.Jobs;

/// <summary>A row of the table deferred_work.</summary>
public sealed record DeferredWorkRow
{
    public string Id { get; init; } = "";

    /// <summary>The <see cref="IDeferredWork.Kind"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The input, encrypted: it may hold addresses and password hashes.</summary>
    public string InputSealed { get; init; } = "";

    /// <summary>How often it was leased.</summary>
    public int Attempts { get; init; }

    public long CreatedAt { get; init; }
}
