namespace Latchkey.Provider.Clients;

/// <summary>A client of an application (RFC 6749 §2): what signs users in through the provider, or calls APIs.</summary>
public sealed record Client
{
    public required string AppId { get; init; }

    /// <summary>The <c>client_id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>As people see it.</summary>
    public required string Name { get; init; }

    public required ClientType Type { get; init; }

    public required ClientSettings Settings { get; init; }

    public required IReadOnlyList<ClientSecret> Secrets { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    /// <summary>It cannot prove itself: whatever it contains can be read.</summary>
    public bool IsPublic => Settings.Authentication == ClientAuthenticationMethod.None;

    public bool RequiresPkce => IsPublic || Settings.PkceRequired;

    public bool HasGrant(string grantType) => Settings.GrantTypes.Contains(grantType, StringComparer.Ordinal);
}
