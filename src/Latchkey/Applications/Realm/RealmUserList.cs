namespace Latchkey.Applications.Realm;

/// <param name="After">The cursor of the next page; null at the end.</param>
public sealed record RealmUserList(IReadOnlyList<RealmUser> Users, string? After);
