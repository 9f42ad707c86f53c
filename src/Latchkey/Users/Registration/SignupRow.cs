namespace Latchkey.Users.Registration;

/// <summary>A signup request with its password hash; completed by the mailed code or link.</summary>
public sealed record SignupRow
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public string Handle { get; init; } = "";

    /// <summary>The one key of all spellings of the handle.</summary>
    public string HandleKey => Core.Handle.KeyOf(Handle);

    /// <summary>code or link.</summary>
    public string Flow { get; init; } = "";

    /// <summary>A <see cref="SignupStatus"/>.</summary>
    public string Status { get; init; } = SignupStatus.Pending;

    /// <summary>The requesting network.</summary>
    public string Network { get; init; } = "";

    /// <summary>The keyed hash of the code or link token.</summary>
    public string CodeHash { get; init; } = "";

    /// <summary>Empty for a user without a password.</summary>
    public string PasswordHash { get; init; } = "";

    public bool PasswordPrehashed { get; init; }

    public string Metadata { get; init; } = "{}";

    public string Locale { get; init; } = "EN";

    /// <summary>The anonymous user to upgrade.</summary>
    public string? UpgradesUserId { get; init; }

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }
}
