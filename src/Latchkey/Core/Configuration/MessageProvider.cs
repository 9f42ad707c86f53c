namespace Latchkey.Core.Configuration;

/// <summary>A provider that delivers messages.</summary>
public abstract record MessageProvider
{
    /// <summary>
    /// True when a developer chose the host, not the operator: connections are then limited to public and allowed networks.
    /// </summary>
    public bool IsDeveloperHost { get; init; }
}
