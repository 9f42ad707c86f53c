namespace Latchkey.Users;

public enum UserSort
{
    /// <summary>Users whose handle starts with the search, by handle; then those whose handle contains it, newest first.</summary>
    Relevance,

    Created,

    /// <summary>Users who never logged in come last in both directions.</summary>
    LastLogin,

    Handle,
}
