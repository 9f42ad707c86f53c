namespace Latchkey.Users;

/// <summary>A page of users: part of a handle or user name (normalised), a status, and the position after the previous page.</summary>
public sealed record UserQuery(string Search = "", string Status = "", long BeforeCreatedAt = long.MaxValue, string BeforeId = "");
