namespace Latchkey.Users.Sessions;

/// <summary>A code sent to a known user, or a pending second factor of a login.</summary>
public sealed record UserCode
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>A <see cref="CodePurpose"/>; the code is valid for this purpose only.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>The requesting network; empty for a server, the portal or the command line.</summary>
    public string Network { get; init; } = "";

    /// <summary>The keyed hash; empty while no code was sent, and for codes of an authenticator app.</summary>
    public string CodeHash { get; init; } = "";

    /// <summary>Whether its code was sent to the user.</summary>
    public bool IsSent => CodeHash.Length > 0;

    /// <summary>The keyed hash of the token of the link that is mailed with the code; null for none.</summary>
    public string? LinkHash { get; init; }

    /// <summary>What the code confirms: a phone number; for a login, the methods so far (<see cref="Session.Methods"/>).</summary>
    public string Detail { get; init; } = "";

    /// <summary>The seed of an authenticator app that waits for its first code, sealed; null for none.</summary>
    public string? SeedSealed { get; init; }

    /// <summary>A number that waits for its first code during a login, in E.164; null for none.</summary>
    public string? Phone { get; init; }

    public int Tries { get; init; }

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }

    public long? UsedAt { get; init; }

    /// <summary>The encryption purpose of <see cref="SeedSealed"/>.</summary>
    public static string SeedPurpose(string id) => $"user_codes/{id}/totp";
}
