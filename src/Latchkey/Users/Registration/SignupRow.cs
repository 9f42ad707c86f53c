namespace Latchkey.Users.Registration;

/// <summary>One request to sign up, with the password it was asked with; completed by the code that was mailed for it.</summary>
public sealed record SignupRow
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public string Handle { get; init; } = "";

    /// <summary>code or link.</summary>
    public string Flow { get; init; } = "";

    /// <summary>pending, verified, or superseded by another request's completion.</summary>
    public string Status { get; init; } = SignupStatus.Pending;

    /// <summary>The keyed hash of the code or link token.</summary>
    public string CodeHash { get; init; } = "";

    public string PasswordHash { get; init; } = "";

    public bool PasswordPrehashed { get; init; }

    public string Metadata { get; init; } = "{}";

    public string Locale { get; init; } = "EN";

    /// <summary>The anonymous user that becomes this one.</summary>
    public string? UpgradesUserId { get; init; }

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }
}
