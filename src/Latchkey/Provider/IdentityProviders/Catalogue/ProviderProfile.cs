using Latchkey.Core;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Who signed in at a provider, as its answers say.</summary>
public sealed record ProviderProfile
{
    /// <summary>The provider's own id of the person, exactly as it wrote it.</summary>
    public required string Subject { get; init; }

    /// <summary>The address; null when there is none, or one that is no address.</summary>
    public Handle? Email { get; init; }

    /// <summary>Whether the provider verified <see cref="Email"/>, by its word and by what it is known for.</summary>
    public bool EmailVerified { get; init; }

    public string? Name { get; init; }

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    /// <summary>The address of a picture, https only.</summary>
    public string? Picture { get; init; }

    /// <summary>A language tag, such as <c>en-GB</c>.</summary>
    public string? Locale { get; init; }

    /// <summary>Everything that the provider said, for mapping to metadata.</summary>
    public required ProviderClaims Claims { get; init; }
}
