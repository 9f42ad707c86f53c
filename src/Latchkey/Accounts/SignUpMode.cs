namespace Latchkey.Accounts;

/// <summary>Who may have an account in the portal.</summary>
public static class SignUpMode
{
    /// <summary>Whom an operator invites or adds.</summary>
    public const string Closed = "closed";

    /// <summary>Also whom the owner of an application invites to it.</summary>
    public const string Invitation = "invitation";

    /// <summary>Everyone with an e-mail address.</summary>
    public const string Open = "open";

    public static IReadOnlyList<string> All { get; } = [Closed, Invitation, Open];
}
