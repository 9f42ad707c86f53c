namespace Latchkey.Users.Administration;

/// <summary>The rows of each list of an application.</summary>
public sealed record UserListTotals(UserListTotal Users, UserListTotal Anonymous, UserListTotal Invitations, UserListTotal Signups);
