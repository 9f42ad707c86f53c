using Latchkey.Applications.Settings;

namespace Latchkey.Users;

/// <summary>A user of one application, as stored.</summary>
public sealed record User
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>An e-mail address, or <c>ANON_…</c>.</summary>
    public string Handle { get; init; } = "";

    public string? UserName { get; init; }

    public bool Anonymous { get; init; }

    /// <summary>How the user came: see <see cref="UserOrigin"/>.</summary>
    public string Origin { get; init; } = "";

    /// <summary>active or suspend, the wire's words.</summary>
    public string Status { get; init; } = UserStatus.Active;

    public string Locale { get; init; } = "EN";

    public bool EmailVerified { get; init; }

    /// <summary>A PHC string; null for users without a password.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The hash is over the MD5 hex of the password, as the SDKs send it.</summary>
    public bool PasswordPrehashed { get; init; }

    /// <summary>The values of the user's own metadata fields, as a JSON object of path to value.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>The values that came with the invitation, in the same form.</summary>
    public string InviteMetadata { get; init; } = "{}";

    /// <summary>apple, google, or empty for a user with a password or without an address.</summary>
    public string LoginProvider { get; init; } = "";

    public string? ProviderSubject { get; init; }

    /// <summary>The verified phone number, E.164.</summary>
    public string? Phone { get; init; }

    /// <summary>A number that waits for its code.</summary>
    public string? PendingPhone { get; init; }

    public bool TwoFactorGoogle { get; init; }

    public bool TwoFactorPhone { get; init; }

    public string? TotpSeedSealed { get; init; }

    /// <summary>The last TOTP time step that was accepted; none at or before it is accepted again.</summary>
    public long TotpLastStep { get; init; }

    /// <summary>Wrong passwords in a row, for <c>maxLoginAttempts</c>.</summary>
    public int FailedLogins { get; init; }

    public long? LastLoginAt { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public bool IsSuspended => Status == UserStatus.Suspended;

    /// <summary>Whether wrong passwords have locked the user, by the application's <c>maxLoginAttempts</c>.</summary>
    public bool IsLocked(ApplicationSettings settings) => settings.MaxLoginAttempts > 0 && FailedLogins >= settings.MaxLoginAttempts;

    /// <summary>The status as people see it: active, suspend, or locked.</summary>
    public string ShownStatus(ApplicationSettings settings) => !IsSuspended && IsLocked(settings) ? UserStatus.Locked : Status;
}
