namespace Latchkey.Billing.Statements;

/// <summary>A closed month of an application, as stored.</summary>
public sealed record StatementRow
{
    public string AppId { get; init; } = "";

    /// <summary>As 202611.</summary>
    public int Month { get; init; }

    public string AccountId { get; init; } = "";

    /// <summary>The application's name when the month was closed.</summary>
    public string Name { get; init; } = "";

    public string Currency { get; init; } = "";

    /// <summary>In hundredths of a percent.</summary>
    public int TaxRate { get; init; }

    /// <summary>Before tax, in minor units.</summary>
    public long Net { get; init; }

    /// <summary>What <see cref="Statement.Write"/> gave.</summary>
    public string Document { get; init; } = "";

    public long ClosedAt { get; init; }
}
