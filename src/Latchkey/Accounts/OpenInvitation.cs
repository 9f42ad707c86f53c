namespace Latchkey.Accounts;

/// <summary>An invitation as shown to the person who opens its link.</summary>
/// <param name="Invitation">The invitation.</param>
/// <param name="HasAccount">Whether the address has an account; otherwise one is created.</param>
/// <param name="CanJoin">False when a new account is needed and the installation does not allow it.</param>
public sealed record OpenInvitation(DeveloperInvitation Invitation, bool HasAccount, bool CanJoin);
