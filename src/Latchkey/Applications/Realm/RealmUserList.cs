namespace Latchkey.Applications.Realm;

/// <param name="After">Where the list goes on; null at its end.</param>
public sealed record RealmUserList(IReadOnlyList<RealmUser> Users, string? After);
