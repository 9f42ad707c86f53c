using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Timeline;

/// <summary>
/// What happened to a user, newest first: the log of the application, the messages to the user, and the user's sessions. Log entries and
/// messages are found by the handle, the user name and the phone number, as erasure finds them (<see cref="UserErasure"/>). When a handle
/// changes, its log entries take the new one, so entries of earlier handles are found too. No content of a message is read.
/// </summary>
public sealed class UserTimeline(
    Database database,
    AuditLogStore log,
    DeliveryLogStore deliveries,
    SessionStore sessions,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>More than a user can have: surplus sessions are ended, and ended ones are deleted.</summary>
    private const int MaxSessions = 500;

    /// <summary>One page, and the cursor of the next page (null on the last).</summary>
    /// <param name="user">The user.</param>
    /// <param name="kind">A <see cref="TimelineKind"/>; empty for all.</param>
    /// <param name="after">A cursor; the first page for an invalid one.</param>
    /// <param name="size">Events on a page.</param>
    public async Task<(IReadOnlyList<TimelineEvent> Events, string? Next)> Page(User user, string kind, string after, int size)
    {
        var start = PageCursor.Decode(after) ?? new PageCursor(0, long.MaxValue, "");
        var found = await database.Read(db => Read(db, user, kind, start, size + 1));
        TimelineEvent[] page =
        [
            .. found
                .OrderByDescending(one => one.At)
                .ThenBy(one => one.Rank)
                .ThenByDescending(one => one.Id, StringComparer.Ordinal)
                .Take(size + 1),
        ];
        return page.Length <= size ? (page, null) : (page[..size], CursorOf(page[size - 1]).Encoded);
    }

    /// <summary>At most <paramref name="limit"/> events from each source, each by an index.</summary>
    private async Task<IEnumerable<TimelineEvent>> Read(DbConnection db, User user, string kind, PageCursor start, int limit)
    {
        var events = new List<TimelineEvent>();
        if (kind is "" or TimelineKind.Sessions)
        {
            events.AddRange((await SessionEvents(db, user)).Where(one => IsAfter(start, one)));
        }

        foreach (var name in NamesOf(user))
        {
            if (kind is "" or TimelineKind.Done or TimelineKind.Refused)
            {
                var filter = new LogFilter
                {
                    Handle = name,
                    Result = kind,
                    OmitsMembers = true,
                };
                var lines = await log.Page(db, user.AppId, filter, name, StartOf(2, start), limit);
                events.AddRange(
                    lines.Select(line => new TimelineEvent
                    {
                        At = line.At,
                        Id = line.Id,
                        Call = line,
                    })
                );
            }

            if (kind is "" or TimelineKind.Messages)
            {
                var filter = new DeliveryFilter { Recipient = name };
                var sent = await deliveries.Page(db, user.AppId, filter, name, StartOf(3, start), limit);
                events.AddRange(
                    sent.Select(one => new TimelineEvent
                    {
                        At = one.CreatedAt,
                        Id = one.Id,
                        Message = one,
                    })
                );
            }
        }

        return events;
    }

    /// <summary>The names under which the log and the messages know the user.</summary>
    private IEnumerable<string> NamesOf(User user) =>
        new[] { user.Handle, user.UserName, user.Phone }
            .OfType<string>()
            .Where(name => name.Length > 0)
            .SelectMany(name => Handle.SpellingsOf(audit.MaskHandle(name)))
            .Distinct(StringComparer.Ordinal);

    private async Task<IEnumerable<TimelineEvent>> SessionEvents(DbConnection db, User user)
    {
        var now = clock.Now();
        var all = await sessions.ListAll(db, user.AppId, user.Id, MaxSessions);
        var opened = all.Select(one => new TimelineEvent
        {
            At = one.CreatedAt,
            Id = one.PublicId,
            Session = one,
        });
        var ended =
            from one in all
            let end = one.EndAt(now)
            where end is not null
            select new TimelineEvent
            {
                At = end.At,
                Id = one.PublicId,
                Session = one,
                End = end,
            };
        return opened.Concat(ended);
    }

    private static bool IsAfter(PageCursor start, TimelineEvent one) =>
        one.At < start.Number
        || (
            one.At == start.Number
            && (one.Rank > start.Section || (one.Rank == start.Section && string.CompareOrdinal(one.Id, start.Text) < 0))
        );

    /// <summary>The page's beginning among the events of one rank: those of the same millisecond follow in the order of ranks.</summary>
    private static LogCursor StartOf(int rank, PageCursor start) =>
        rank == start.Section ? new LogCursor(start.Number, start.Text)
        : rank > start.Section && start.Number < long.MaxValue ? new LogCursor(start.Number + 1, "")
        : new LogCursor(start.Number, "");

    private static PageCursor CursorOf(TimelineEvent last) => new(last.Rank, last.At, last.Id);
}
