using Latchkey.Applications;

namespace Latchkey.Accounts;

/// <summary>A portal account.</summary>
public sealed record Developer
{
    public string Id { get; init; } = "";

    public string Email { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary><see cref="Role.Developer"/> or <see cref="Role.Operator"/>.</summary>
    public Role Role { get; init; }

    /// <summary>A <see cref="DeveloperStatus"/>.</summary>
    public string Status { get; init; } = DeveloperStatus.Active;

    public string PasswordHash { get; init; } = "";

    /// <summary>The authenticator seed; null without an authenticator app.</summary>
    public string? TotpSeedSealed { get; init; }

    /// <summary>A seed that is not confirmed by a first code yet.</summary>
    public string? TotpPendingSealed { get; init; }

    /// <summary>When the pending seed was created.</summary>
    public long? TotpPendingAt { get; init; }

    /// <summary>The number of wrong second-factor codes in a row.</summary>
    public int FailedCodes { get; init; }

    /// <summary>When the last one was entered, in unix milliseconds.</summary>
    public long FailedCodeAt { get; init; }

    public long CreatedAt { get; init; }

    public long? LastLoginAt { get; init; }

    public bool IsOperator => Role == Role.Operator;

    public bool IsActive => Status == DeveloperStatus.Active;

    public bool HasAuthenticator => TotpSeedSealed is not null;

    /// <summary>Its passkeys, those of an earlier domain too.</summary>
    public int PasskeyCount { get; init; }

    public bool HasSecondFactor => HasAuthenticator || PasskeyCount > 0;
}
