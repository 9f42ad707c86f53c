namespace Latchkey.Operations.FirstSteps;

/// <summary>How far an application has come between its creation and the first login, from what is stored of it.</summary>
public sealed record FirstStepFacts
{
    /// <summary>An app has called with the App Token.</summary>
    public bool HasCall { get; init; }

    /// <summary>Somebody asked to sign up, or there is a user.</summary>
    public bool HasSignup { get; init; }

    /// <summary>There is a user with an address: its code was entered, or it was added.</summary>
    public bool HasUser { get; init; }

    /// <summary>A user has logged in.</summary>
    public bool HasLogin { get; init; }

    /// <summary>A provider sends the application's mails.</summary>
    public bool HasMailProvider { get; init; }

    public bool HasDomain { get; init; }

    /// <summary>It has more than one member, or somebody is invited.</summary>
    public bool HasMembers { get; init; }
}
