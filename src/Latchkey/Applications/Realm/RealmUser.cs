namespace Latchkey.Applications.Realm;

/// <summary>A user of the Realm application.</summary>
/// <param name="Identities">The user's login providers: type and the user's id there.</param>
/// <param name="CreatedAt">Unix milliseconds; null when unknown.</param>
/// <param name="LastLoginAt">Unix milliseconds.</param>
public sealed record RealmUser(string Id, IReadOnlyList<(string Provider, string Id)> Identities, long? CreatedAt, long? LastLoginAt);
