using Latchkey.Applications.Settings;
using Latchkey.Limits;

namespace Latchkey.Users;

/// <summary>A user of one application, as stored.</summary>
public sealed record User
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>An e-mail address, or <c>ANON_…</c>.</summary>
    public string Handle { get; init; } = "";

    /// <summary>The one key of all spellings of the handle.</summary>
    public string HandleKey => Core.Handle.KeyOf(Handle);

    public string? UserName { get; init; }

    public bool Anonymous { get; init; }

    /// <summary>How the user was created; a <see cref="UserOrigin"/>.</summary>
    public string Origin { get; init; } = "";

    /// <summary>A <see cref="UserStatus"/>: active or suspend, as on the wire.</summary>
    public string Status { get; init; } = UserStatus.Active;

    public string Locale { get; init; } = "EN";

    public bool EmailVerified { get; init; }

    /// <summary>A PHC string; null for a user without a password.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The hash is of the password's MD5 hex, as sent by the SDKs.</summary>
    public bool PasswordPrehashed { get; init; }

    /// <summary>The user's own metadata, as a JSON object of path to value.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>The metadata from the invitation, in the same form.</summary>
    public string InviteMetadata { get; init; } = "{}";

    /// <summary>
    /// The provider that the user signed up with: apple, google or the alias of an identity provider; empty for a user with a password and
    /// for an anonymous user.
    /// </summary>
    public string LoginProvider { get; init; } = "";

    /// <summary>Apps get an ID token of Apple or Google for the user, in the place of a password.</summary>
    public bool HasIdToken => SocialProvider.All.Contains(LoginProvider, StringComparer.Ordinal);

    /// <summary>The verified phone number, in E.164.</summary>
    public string? Phone { get; init; }

    /// <summary>A phone number that is not verified yet.</summary>
    public string? PendingPhone { get; init; }

    public bool TwoFactorGoogle { get; init; }

    public bool TwoFactorPhone { get; init; }

    /// <summary>Whether logins with the password ask for more.</summary>
    public bool HasSecondFactor(ApplicationSettings settings) =>
        TwoFactorGoogle || TwoFactorPhone || (settings.CountsPasskeysAsFactor && PasskeyCount > 0);

    /// <summary>The passkeys with which the user can sign in.</summary>
    public int PasskeyCount { get; init; }

    public string? TotpSeedSealed { get; init; }

    /// <summary>The last accepted TOTP time step. Codes of this step or an earlier one are rejected (RFC 6238 §5.2).</summary>
    public long TotpLastStep { get; init; }

    /// <summary>Consecutive wrong passwords, compared with <c>maxLoginAttempts</c>.</summary>
    public int FailedLogins { get; init; }

    /// <summary>The number of wrong second-factor codes in a row.</summary>
    public int FailedCodes { get; init; }

    /// <summary>When the last one was entered, in unix milliseconds.</summary>
    public long FailedCodeAt { get; init; }

    public long? LastLoginAt { get; init; }

    /// <summary>When a session of the user was last refreshed, once a day; null for never.</summary>
    public long? LastActiveAt { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public bool IsSuspended => Status == UserStatus.Suspended;

    /// <summary>
    /// Whether the user cannot log in until a password reset or an unlock: after wrong passwords, by the application's
    /// <c>maxLoginAttempts</c>, or after <see cref="CodeGuessing.ForcesReset"/> wrong second-factor codes.
    /// </summary>
    public bool IsLocked(ApplicationSettings settings) =>
        (settings.MaxLoginAttempts > 0 && FailedLogins >= settings.MaxLoginAttempts) || FailedCodes >= CodeGuessing.ForcesReset;

    /// <summary>The status as people see it: active, suspend, or locked.</summary>
    public string ShownStatus(ApplicationSettings settings) => !IsSuspended && IsLocked(settings) ? UserStatus.Locked : Status;
}
