using System.Globalization;

namespace Latchkey.Users.Sessions;

/// <summary>
/// The right of one client to refresh a session. A client holds one refresh token at a time. Each use replaces it by the token of the next
/// generation. Tokens are derived from the grant's secret, so an answer that got lost can be given again.
/// </summary>
public sealed record SessionGrant
{
    /// <summary>How many first uses are remembered. Only a client that refreshes many times a minute has more than one.</summary>
    private const int MaxRotations = 60;

    public string AppId { get; init; } = "";

    /// <summary>22 characters: 128 random bits in base64url.</summary>
    public string Id { get; init; } = "";

    public string SessionId { get; init; } = "";

    /// <summary>Empty for the app itself.</summary>
    public string Client { get; init; } = "";

    /// <summary>256 random bits, encrypted by the key ring.</summary>
    public string SecretSealed { get; init; } = "";

    /// <summary>The generation of the newest refresh token; the first is 1.</summary>
    public long Generation { get; init; }

    /// <summary>When the generations before the newest were first used, in unix milliseconds, newest first, separated by spaces.</summary>
    public string Rotations { get; init; } = "";

    public long CreatedAt { get; init; }

    /// <summary>What the client may do, with spaces between them; null for the app itself, like all that follows.</summary>
    public string? Scope { get; init; }

    /// <summary>The resource indicators that access tokens can be for, with spaces between them.</summary>
    public string? Resources { get; init; }

    /// <summary>The parameter claims of the authorization request (OpenID Connect Core §5.5).</summary>
    public string? Claims { get; init; }

    /// <summary>The thumbprint of the DPoP key that refresh tokens are bound to (RFC 9449 §5); null for none.</summary>
    public string? DpopKey { get; init; }

    /// <summary>The claim <c>sid</c> of its tokens: the public id of the session in the user's browser.</summary>
    public string? Sid { get; init; }

    /// <summary>
    /// When the user had proved who they are, for a grant that has moved to a later session (<see cref="SessionGrantStore.Move"/>); null
    /// for one that is where it was made.
    /// </summary>
    public long? AuthenticatedAt { get; init; }

    /// <summary>
    /// For a grant with a session of its own: the id of the session that <see cref="Sid"/> means, whose end the client is told of. Null
    /// for a grant in the user's session.
    /// </summary>
    public string? SidSessionId { get; init; }

    /// <summary>The session is this grant's alone, and ends with it.</summary>
    public bool OwnsSession => SidSessionId is not null;

    /// <summary>When it was revoked, or its code came a second time; null while it lives as long as its session.</summary>
    public long? EndedAt { get; init; }

    /// <summary>When the row can be deleted, for a grant without refresh tokens; null for as long as its session.</summary>
    public long? ExpiresAt { get; init; }

    /// <summary>What to do with a valid token of this grant.</summary>
    /// <param name="generation">The token's.</param>
    /// <param name="now">In unix milliseconds.</param>
    /// <param name="grace">How long a replaced token is answered after its successor was used.</param>
    public RefreshDecision Decide(long generation, long now, TimeSpan grace)
    {
        if (generation >= Generation)
        {
            return RefreshDecision.Rotate;
        }

        // The parent of a token that nobody has used: its answer was lost.
        if (generation == Generation - 1)
        {
            return RefreshDecision.Repeat;
        }

        return SuccessorUsedAt(generation) is { } usedAt && now - usedAt <= grace.TotalMilliseconds
            ? RefreshDecision.Repeat
            : RefreshDecision.Reused;
    }

    /// <summary>When the newest token was issued for the first time; null for the token of the sign-in.</summary>
    public long? LastRotationAt => RotationTimes() is [var newest, ..] ? newest : null;

    /// <summary>When the token after this one was first used; null when that is long ago.</summary>
    public long? SuccessorUsedAt(long generation)
    {
        var (times, place) = (RotationTimes(), Generation - 2 - generation);
        return place >= 0 && place < times.Length ? times[place] : null;
    }

    /// <summary>The grant after the use of its newest token, or of one that is ahead of it.</summary>
    public SessionGrant Next(long used, long now, TimeSpan grace) =>
        this with
        {
            Generation = used + 1,
            Rotations = used == Generation ? RotationsWith(now, grace) : Write(now),
        };

    /// <summary>The encryption purpose of a grant's secret.</summary>
    public static string SecretPurpose(string id) => $"session_grants/{id}/secret";

    private string RotationsWith(long now, TimeSpan grace) =>
        string.Join(
            ' ',
            [Write(now), .. RotationTimes().TakeWhile(at => now - at <= grace.TotalMilliseconds).Take(MaxRotations - 1).Select(Write)]
        );

    private static string Write(long at) => at.ToString(CultureInfo.InvariantCulture);

    private long[] RotationTimes() =>
        [.. Rotations.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(at => long.Parse(at, CultureInfo.InvariantCulture))];
}
