using Latchkey.Activity.Audit;
using Latchkey.Messages.Outbox;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Timeline;

/// <summary>Something that happened to a user: exactly one of call, message and session is there.</summary>
public sealed record TimelineEvent
{
    /// <summary>Unix milliseconds.</summary>
    public required long At { get; init; }

    /// <summary>Unique among the events of its kind.</summary>
    public required string Id { get; init; }

    /// <summary>A call that changed something or was refused.</summary>
    public LogLine? Call { get; init; }

    public DeliveryLine? Message { get; init; }

    /// <summary>A session that was opened; or that ended, if there is an <see cref="End"/>.</summary>
    public Session? Session { get; init; }

    public SessionEnd? End { get; init; }

    /// <summary>
    /// The order of events of the same millisecond, newest first: an end, the sign-in that led to it, the call of both, and the mail.
    /// </summary>
    public int Rank =>
        End is not null ? 0
        : Session is not null ? 1
        : Call is not null ? 2
        : 3;
}
