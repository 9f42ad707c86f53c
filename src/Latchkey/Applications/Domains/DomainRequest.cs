namespace Latchkey.Applications.Domains;

/// <summary>A domain that a developer asked for, or that the application has, and what DNS said of its proof.</summary>
public sealed record DomainRequest
{
    public string AppId { get; init; } = "";

    /// <summary>In lower case, and in A-labels.</summary>
    public string Host { get; init; } = "";

    /// <summary>The text of the TXT record; empty for a domain that the operator gave unasked.</summary>
    public string Proof { get; init; } = "";

    /// <summary>An e-mail address.</summary>
    public string Requester { get; init; } = "";

    /// <summary>The operator's reason; null while it is not refused.</summary>
    public string? Refusal { get; init; }

    public long CreatedAt { get; init; }

    /// <summary>When DNS was asked last; null for never.</summary>
    public long? CheckedAt { get; init; }

    /// <summary>When the proof was there last; null for never.</summary>
    public long? ProvenAt { get; init; }

    /// <summary>What was wrong when DNS was asked last, as a sentence; empty for nothing.</summary>
    public string Flaw { get; init; } = "";

    public string AppName { get; init; } = "";

    /// <summary>The application that has the domain; null for none.</summary>
    public string? Holder { get; init; }

    public bool IsGiven => Holder == AppId;

    /// <summary>Whether DNS had the proof when it was asked last.</summary>
    public bool IsProven => ProvenAt is not null && Flaw.Length == 0;

    /// <summary>In a word, for people.</summary>
    public string State =>
        IsGiven ? "active"
        : Refusal is not null ? "refused"
        : IsProven ? "waiting for the operator"
        : "waiting for DNS";

    public string RecordName => DomainProof.RecordName(Host);
}
