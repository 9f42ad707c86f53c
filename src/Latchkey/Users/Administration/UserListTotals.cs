using Latchkey.Activity.Usage;

namespace Latchkey.Users.Administration;

/// <summary>The rows of each list of an application.</summary>
public sealed record UserListTotals(UserTotal Users, UserTotal Anonymous, UserTotal Invitations, UserTotal Signups);
