namespace Latchkey.Users.Identities;

/// <summary>A person at Apple, Google or another provider whom a user signs in as. It belongs to one user of the application.</summary>
public sealed record UserIdentity
{
    public string AppId { get; init; } = "";

    public string Id { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>A <see cref="SocialProvider"/>, or the alias of an identity provider.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The provider's own id of the person; never changes.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The address that the provider verified, at the last sign-in; empty if it kept it back.</summary>
    public string Email { get; init; } = "";

    public long CreatedAt { get; init; }

    /// <summary>The last sign-in with it; null for none.</summary>
    public long? LastUsedAt { get; init; }
}
