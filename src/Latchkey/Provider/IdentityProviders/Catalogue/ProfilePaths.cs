namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>
/// Where the parts of a profile stand in a provider's answers. Each is a list of paths such as <c>data.user.open_id</c>; the first that
/// leads to a text or number counts. A path with braces is an address made of several: <c>https://cdn.example/{id}/{avatar}.png</c>. The
/// defaults are the standard claims (OpenID Connect Core §5.1).
/// </summary>
public sealed record ProfilePaths
{
    /// <summary>The provider's own id of the person, that never changes and is given to nobody else.</summary>
    public IReadOnlyList<string> Subject { get; init; } = ["sub"];

    public IReadOnlyList<string> Email { get; init; } = ["email"];

    /// <summary>All of them must be true, or the text "true", for a verified address.</summary>
    public IReadOnlyList<string> EmailVerified { get; init; } = ["email_verified"];

    public IReadOnlyList<string> Name { get; init; } = ["name"];

    public IReadOnlyList<string> GivenName { get; init; } = ["given_name"];

    public IReadOnlyList<string> FamilyName { get; init; } = ["family_name"];

    public IReadOnlyList<string> Picture { get; init; } = ["picture"];

    public IReadOnlyList<string> Locale { get; init; } = ["locale"];
}
