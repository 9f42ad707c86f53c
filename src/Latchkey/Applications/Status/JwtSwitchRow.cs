namespace Latchkey.Applications.Status;

/// <summary>JWT of an application was switched on or off.</summary>
public sealed record JwtSwitchRow
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>Whether it is on since then.</summary>
    public bool Enabled { get; init; }

    /// <summary>Why, in the words of whoever switched it; may be empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>An e-mail address, or the command line.</summary>
    public string Actor { get; init; } = "";

    /// <summary>Unix milliseconds.</summary>
    public long SwitchedAt { get; init; }
}
