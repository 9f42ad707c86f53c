namespace Latchkey.Users;

public enum UserSort
{
    /// <summary>Those whose handle starts with what was typed, by handle; then the others that have it in them, newest first.</summary>
    Relevance,

    Created,

    /// <summary>Those who never logged in come last, whatever the direction.</summary>
    LastLogin,

    Handle,
}
