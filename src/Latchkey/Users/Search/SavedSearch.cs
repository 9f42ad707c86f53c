namespace Latchkey.Users.Search;

/// <summary>A search that a portal account keeps for an application.</summary>
/// <param name="Name">As the account calls it, once for each application.</param>
/// <param name="Query">As typed.</param>
public sealed record SavedSearch(string Id, string Name, string Query);
