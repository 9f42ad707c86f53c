namespace Latchkey.Accounts;

/// <summary>An invitation as the one who opens its link finds it.</summary>
/// <param name="Invitation">What was offered.</param>
/// <param name="HasAccount">Whether the address has an account, which then accepts; else one is made.</param>
/// <param name="CanJoin">False when it would take a new account and the installation takes none this way.</param>
public sealed record OpenInvitation(DeveloperInvitation Invitation, bool HasAccount, bool CanJoin);
