namespace Latchkey.Applications.Resources;

/// <summary>An API of the application that access tokens can be for (RFC 8707).</summary>
public sealed record Resource
{
    public string AppId { get; init; } = "";

    /// <summary>The resource indicator: an absolute URI without a fragment. It becomes the claim <c>aud</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>As people see it, on the consent page for example.</summary>
    public string Name { get; init; } = "";

    /// <summary>The scopes that mean something at this API, with spaces between them.</summary>
    public string Scopes { get; init; } = "";

    /// <summary>The lifetime of access tokens for it, in seconds.</summary>
    public long TokenSeconds { get; init; }

    public long CreatedAt { get; init; }

    public IReadOnlyList<string> ScopeNames => Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
