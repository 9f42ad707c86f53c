namespace Latchkey.Core.Configuration;

/// <summary>Who takes messages from this server and brings them to people.</summary>
public abstract record MessageProvider
{
    /// <summary>
    /// True where a developer chose the host, and not the operator: then it is connected to in public and allowed networks only.
    /// </summary>
    public bool IsDeveloperHost { get; init; }
}
