using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Applications.Status;

/// <summary>
/// Who may set which status, and what is recorded. Editors activate and deactivate an application. Owners set and revert migrated.
/// Operators set suspended and blocked; during these, only operators may change the application.
/// </summary>
public sealed class ApplicationStatusRules(
    Database database,
    StatusStore store,
    PetitionStore petitions,
    IStatusNotifier notifier,
    AuditStore audit,
    TimeProvider clock
)
{
    public const int MaxReasonLength = 500;

    public async Task<StatusHistory> History(string appId) => new(await database.Read(db => store.All(db, appId)));

    /// <summary>The current status with its reason and start.</summary>
    public Task<StatusRow?> Current(string appId) => database.Read(db => store.Newest(db, appId));

    public static bool IsSuspendedOrBlocked(string status) => status is ApplicationStatus.Suspended or ApplicationStatus.Blocked;

    /// <summary>The statuses that a role may set from the given one.</summary>
    public static IReadOnlyList<string> AllowedTransitions(string from, Role by) =>
        [.. ApplicationStatus.All.Where(to => to != from && Validate(from, to, by) is null)];

    /// <summary>Why the change is not allowed, as a sentence; null when it is. An unchanged status is always allowed.</summary>
    public static string? Validate(string from, string to, Role by)
    {
        if (!ApplicationStatus.All.Contains(to, StringComparer.Ordinal))
        {
            return $"status must be one of {string.Join(", ", ApplicationStatus.All)}.";
        }

        if (from == to || by == Role.Operator)
        {
            return null;
        }

        if (IsSuspendedOrBlocked(from))
        {
            return $"While an application is {from}, only the operator can change its status. You can petition to have it reinstated.";
        }

        if (IsSuspendedOrBlocked(to))
        {
            return $"Only the operator can set the status {to}.";
        }

        return by < Role.Owner && (from == ApplicationStatus.Migrated || to == ApplicationStatus.Migrated)
            ? "Only an owner can set the status migrated, or change it back."
            : null;
    }

    /// <summary>
    /// The row with its new status; the caller's transaction stores it. Lifting a suspension or block grants the open petition.
    /// </summary>
    public async Task<Result<ApplicationRow>> Set(DbConnection db, ApplicationRow row, string to, string reason, ChangeContext by)
    {
        if (ValidateReason(row.Status, to, reason, by.Role).Failed(out var words, out var refused))
        {
            return refused;
        }

        if (row.Status == to)
        {
            return row;
        }

        await store.Insert(db, CreateRow(row.Id, row.Status, to, words, by.Name) with { BeganAt = await NextTimestamp(db, row.Id) });
        await audit.Add(
            db,
            new AuditEntry(row.Id, "changeStatus", "", by.Actor)
            {
                Detail = $"{row.Status} to {to}{(words.Length > 0 ? $": {words}" : "")}",
            }
        );
        if (IsSuspendedOrBlocked(row.Status) && !IsSuspendedOrBlocked(to))
        {
            await petitions.Answer(db, row.Id, null, PetitionState.Granted, words, by.Name, clock.Now());
        }

        if (IsSuspendedOrBlocked(row.Status) || IsSuspendedOrBlocked(to))
        {
            await notifier.SuspensionChanged(db, row with { Status = to }, words);
        }

        return row with
        {
            Status = to,
        };
    }

    /// <summary>Records the first status of a new application.</summary>
    public Task RecordCreation(DbConnection db, ApplicationRow row, Actor actor) =>
        store.Insert(db, CreateRow(row.Id, null, row.Status, "", actor.Name) with { BeganAt = row.CreatedAt });

    /// <summary>Validates and trims the text of a reason or petition.</summary>
    public static Result<string> ParseText(string text, int longest)
    {
        var words = text.Trim();
        return words.Length <= longest && Field.IsStorable(words) && !words.Any(c => char.IsControl(c) && c != '\n')
            ? words
            : Setting.Invalid($"Use at most {longest} characters.");
    }

    private static Result<string> ValidateReason(string from, string to, string reason, Role by)
    {
        if (Validate(from, to, by) is { } why)
        {
            return Setting.Invalid(why);
        }

        return to == ApplicationStatus.Blocked && from != to && string.IsNullOrWhiteSpace(reason)
            ? Setting.Invalid("Enter a reason for the block. The developer sees it.")
            : ParseText(reason, MaxReasonLength);
    }

    /// <summary>Now, or just after the newest row if this node's clock is behind the one that wrote it.</summary>
    private async Task<long> NextTimestamp(DbConnection db, string appId) =>
        Math.Max(clock.Now(), (await store.Newest(db, appId))?.BeganAt + 1 ?? 0);

    private StatusRow CreateRow(string appId, string? from, string to, string reason, string actor) =>
        new()
        {
            Id = Ids.New(clock),
            AppId = appId,
            Previous = from,
            Status = to,
            Reason = reason,
            Actor = actor,
        };
}
