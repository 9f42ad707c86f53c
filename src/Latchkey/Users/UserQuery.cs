namespace Latchkey.Users;

/// <summary>Which users of a list to show: part of a handle or user name, a status, and the place after the page before.</summary>
public sealed record UserQuery(string Search = "", string Status = "", long BeforeCreatedAt = long.MaxValue, string BeforeId = "");
