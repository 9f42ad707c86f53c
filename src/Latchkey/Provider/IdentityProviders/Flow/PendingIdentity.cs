using Latchkey.Api.SocialLogin;
using Latchkey.Core;

namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>Somebody whom a provider has proved, and of whom it is not settled yet who they are here.</summary>
public sealed record PendingIdentity
{
    /// <summary>The provider's.</summary>
    public required string IdentityScope { get; init; }

    /// <summary>The provider's alias.</summary>
    public required string Provider { get; init; }

    public required string Subject { get; init; }

    /// <summary>The address, where the provider's word proves it; null otherwise.</summary>
    public string? VerifiedEmail { get; init; }

    /// <summary>Any address that the provider gave, to be put into a field; null for none.</summary>
    public string? KnownEmail { get; init; }

    /// <summary>Names the proof, to use it up.</summary>
    public required string TokenHash { get; init; }

    /// <summary>In unix milliseconds: the proof counts until then.</summary>
    public required long TokenEndsAt { get; init; }

    /// <summary>The language tag that the provider gave; null for none.</summary>
    public string? Locale { get; init; }

    /// <summary>The metadata of a new user, by path.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The metadata that a known user gets at this sign-in, by path.</summary>
    public IReadOnlyDictionary<string, string> FreshMetadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>In unix milliseconds: when the person signed in at the provider; null where it does not say.</summary>
    public long? AuthenticatedAt { get; init; }

    public required SignInPurpose Purpose { get; init; }

    /// <summary>The public id of the session of whoever links or proves who they are; null otherwise.</summary>
    public string? SessionId { get; init; }

    /// <summary>The app that waits; null for none.</summary>
    public AppRequest? App { get; init; }

    /// <summary>The address that a code was mailed to; null for none.</summary>
    public string? TypedEmail { get; init; }

    /// <summary>The request token of that code.</summary>
    public string? CodeToken { get; init; }

    /// <summary>The id of the user who has the address already, and may link; null for nobody.</summary>
    public string? OwnerId { get; init; }

    public SocialIdentity ToIdentity() =>
        new(
            Provider,
            Subject,
            VerifiedEmail is not null && Handle.ParseEmail(VerifiedEmail) is { Succeeded: true, Value: var email } ? email : null,
            TokenHash,
            TokenEndsAt
        )
        {
            AuthenticatedAt = AuthenticatedAt,
        };
}
