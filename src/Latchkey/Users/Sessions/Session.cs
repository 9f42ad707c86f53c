using Latchkey.Cryptography;

namespace Latchkey.Users.Sessions;

/// <summary>A device on which a user is signed in. Logout, suspension, password reset and deletion end it immediately.</summary>
public sealed record Session
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>The client's address when the session was opened.</summary>
    public string Client { get; init; } = "";

    /// <summary>The header User-Agent at that time, shortened. Read for lists only, like the next.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>What the app called the device; empty if it gave no name.</summary>
    public string DeviceName { get; init; } = "";

    /// <summary>How the user signed in: names of <see cref="AuthenticationMethods"/> with spaces between them.</summary>
    public string Methods { get; init; } = "";

    public long CreatedAt { get; init; }

    /// <summary>When the user last proved who they are, at a provider perhaps before the sign-in here; null for then.</summary>
    public long? ProvedAt { get; init; }

    /// <summary>When the session was last used, up to a minute late; null if not since the sign-in.</summary>
    public long? LastUsedAt { get; init; }

    /// <summary>When it ends however much it is used.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>When it ends without use; null for never.</summary>
    public long? IdleExpiresAt { get; init; }

    public long? EndedAt { get; init; }

    /// <summary>The <see cref="SessionEnd.ReasonName"/>; null while it is live, and if it ended before reasons were recorded.</summary>
    public string? EndReason { get; init; }

    /// <summary>The address of the client that ended it.</summary>
    public string? EndClient { get; init; }

    /// <summary>The grant of the client that opened or refreshed the session just now; null if it gets no refresh token.</summary>
    public SessionGrant? Grant { get; init; }

    /// <summary>The id for pages, the API and user JWTs: the real one is part of a credential, so its hash is shown.</summary>
    public string PublicId => Secrets.Hash(Id);

    /// <summary>The time of the last sign-in or step-up: the claim <c>auth_time</c>.</summary>
    public long AuthenticatedAt => ProvedAt ?? CreatedAt;

    /// <summary>When it ends if it is not used any more.</summary>
    public long NextEnd => Math.Min(ExpiresAt, IdleExpiresAt ?? long.MaxValue);

    /// <summary>When and why it ended, if it is over at this time; null while it is live.</summary>
    public SessionEnd? EndAt(long now) =>
        EndedAt is { } ended ? new(SessionEnd.ParseReason(EndReason) ?? SessionEndReason.SignedOut, EndClient ?? "", ended)
        : ExpiresAt <= now ? new(SessionEndReason.Expired, "", ExpiresAt)
        : IdleExpiresAt <= now ? new(SessionEndReason.Idle, "", IdleExpiresAt.Value)
        : null;
}
