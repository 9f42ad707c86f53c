namespace Latchkey.Applications.Status;

/// <summary>A developer's request to lift a suspension or a block, and what the operator answered.</summary>
public sealed record Petition
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>The e-mail address of the developer who asked.</summary>
    public string Petitioner { get; init; } = "";

    /// <summary>suspended or blocked.</summary>
    public string Against { get; init; } = "";

    /// <summary>The reason that the operator had given for it.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What the developer has to say.</summary>
    public string Words { get; init; } = "";

    public string State { get; init; } = PetitionState.Open;

    public string Answer { get; init; } = "";

    public string AnsweredBy { get; init; } = "";

    public long CreatedAt { get; init; }

    public long? AnsweredAt { get; init; }

    /// <summary>The application's name, where petitions of several are listed.</summary>
    public string AppName { get; init; } = "";
}
