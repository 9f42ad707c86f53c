namespace Latchkey.Applications.Status;

/// <summary>A developer's request to lift a suspension or block, and the operator's answer.</summary>
public sealed record Petition
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>The e-mail address of the petitioner.</summary>
    public string Petitioner { get; init; } = "";

    /// <summary>suspended or blocked.</summary>
    public string Against { get; init; } = "";

    /// <summary>The reason of the suspension or block.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The developer's text.</summary>
    public string Words { get; init; } = "";

    public string State { get; init; } = PetitionState.Open;

    public string Answer { get; init; } = "";

    public string AnsweredBy { get; init; } = "";

    public long CreatedAt { get; init; }

    public long? AnsweredAt { get; init; }

    /// <summary>The application's name, for lists over several applications.</summary>
    public string AppName { get; init; } = "";
}
