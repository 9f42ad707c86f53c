namespace Latchkey.Accounts;

/// <summary>Who may get a portal account.</summary>
public static class SignUpMode
{
    /// <summary>Only those invited or added by an operator.</summary>
    public const string Closed = "closed";

    /// <summary>Also those invited to an application by its owner.</summary>
    public const string Invitation = "invitation";

    /// <summary>Anyone with an e-mail address.</summary>
    public const string Open = "open";

    public static IReadOnlyList<string> All { get; } = [Closed, Invitation, Open];
}
