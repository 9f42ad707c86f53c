namespace Latchkey.Operations.Overview;

/// <summary>What happened in one application in the days of an overview.</summary>
public sealed record BusyApplication
{
    public string AppId { get; init; } = "";

    public string Name { get; init; } = "";

    public long Logins { get; init; }

    public long Signups { get; init; }

    public long Failures { get; init; }

    /// <summary>Mails and SMS.</summary>
    public long Messages { get; init; }
}
