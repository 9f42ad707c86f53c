namespace Latchkey.Provider.Logout;

/// <summary>A client that has to be told that a session is over. The database makes it when the session ends.</summary>
public sealed record LogoutNotice
{
    public string AppId { get; init; } = "";

    public string Id { get; init; } = "";

    public string ClientId { get; init; } = "";

    /// <summary>The claim <c>sid</c> of the client's ID tokens.</summary>
    public string Sid { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>How many attempts began, with this one.</summary>
    public int Attempts { get; init; }
}
