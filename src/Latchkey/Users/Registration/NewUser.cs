using Latchkey.Users.Locales;

namespace Latchkey.Users.Registration;

/// <summary>The data of a user to register.</summary>
public sealed record NewUser
{
    public required string Handle { get; init; }

    /// <summary>A <see cref="UserOrigin"/>.</summary>
    public required string Origin { get; init; }

    /// <summary>The function that registers the user, for the log.</summary>
    public required string Action { get; init; }

    public string Locale { get; init; } = LocaleCodes.Default;

    public bool EmailVerified { get; init; }

    public string? PasswordHash { get; init; }

    public bool PasswordPrehashed { get; init; }

    public string Metadata { get; init; } = "{}";

    public string InviteMetadata { get; init; } = "{}";

    public string LoginProvider { get; init; } = "";

    /// <summary>False when the address has reached its limit of welcome mails.</summary>
    public bool SendsWelcomeMail { get; init; } = true;

    /// <summary>The anonymous user to upgrade.</summary>
    public string? UpgradesUserId { get; init; }

    /// <summary>How the user proved who they are: <see cref="Sessions.Session.Methods"/>.</summary>
    public required string Methods { get; init; }

    /// <summary>When that was, if it was elsewhere and earlier (<see cref="Sessions.Session.ProvedAt"/>); null for now.</summary>
    public long? ProvedAt { get; init; }

    /// <summary>Nobody is added if the anonymous user cannot be upgraded any more.</summary>
    public bool MustUpgrade { get; init; }
}
