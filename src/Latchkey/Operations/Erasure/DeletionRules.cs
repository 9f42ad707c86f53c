using System.Data.Common;
using System.Text.RegularExpressions;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Operations.Erasure;

/// <summary>
/// Starts resets and deletions. The application's row is marked immediately. During a reset, all sessions are invalid and nobody can
/// sign up or log in; a deleted application no longer exists for callers. The rows are deleted in the background.
/// </summary>
public sealed partial class DeletionRules(
    Database database,
    ApplicationStore store,
    ApplicationCache applications,
    JobQueue jobs,
    AuditStore audit,
    InstallationLogStore installationLog,
    ILogger<DeletionRules> log
)
{
    /// <summary>Why the action is not allowed now, as a sentence; null when it is allowed.</summary>
    /// <param name="mark">The action: a <see cref="DeletionState"/>.</param>
    public static string? Validate(ApplicationRow row, Role by, string mark) =>
        (row.Status, mark) switch
        {
            _ when by < Role.Owner => "Only an owner of the application can do this.",
            _ when by == Role.Operator => null,
            (ApplicationStatus.Blocked, _) =>
                "While an application is blocked, only the operator can reset or delete it, to preserve evidence of the reason "
                    + "for the block.",
            (ApplicationStatus.Suspended, DeletionState.Delete) =>
                "While an application is suspended, only the operator can delete it, because its status history would be lost. "
                    + "Ask the operator, or first petition to have it reinstated.",
            _ => null,
        };

    /// <summary>Deletes all users, signups, invitations, codes and their log entries. Returns the job's id.</summary>
    /// <param name="name">The application's name, typed as confirmation.</param>
    public Task<Result<string>> Reset(string appId, string name, ChangeContext by) =>
        Start(
            appId,
            name,
            by,
            DeletionState.Reset,
            async (db, row) =>
            {
                await audit.Add(db, new AuditEntry(appId, "resetApplication", "", by.Actor));
                return await jobs.Enqueue(db, ResetApplicationJob.Kind, row.Id, row.Name, by.Name);
            }
        );

    /// <summary>Deletes the application and all its data. Returns the job's id.</summary>
    public async Task<Result<string>> Delete(string appId, string name, ChangeContext by)
    {
        var started = await Start(
            appId,
            name,
            by,
            DeletionState.Delete,
            async (db, row) =>
            {
                var entry = InstallationEntry.By(by.Actor, "deleteApplication", $"application {row.Name} ({row.Id}) deleted");
                await installationLog.Add(db, entry, database.Clock);
                return await jobs.Enqueue(db, DeleteApplicationJob.Kind, null, DeleteApplicationJob.Input(row), by.Name);
            }
        );
        if (started.Succeeded)
        {
            LogDeleted(log, appId, by.Name, by.Actor.Client);
        }

        return started;
    }

    private async Task<Result<string>> Start(
        string appId,
        string name,
        ChangeContext by,
        string mark,
        Func<DbConnection, ApplicationRow, Task<string>> start
    )
    {
        var started = await database.Write<Result<string>>(async db =>
        {
            if (await store.FindForUpdate(db, appId) is not { } row)
            {
                return ErrorCodes.AppNoLongerExists;
            }

            if ((row.Erasing == mark ? "A reset is already running." : Validate(row, by.Role, mark)) is { } why)
            {
                return ErrorCodes.InvalidData with { Message = why };
            }

            if (OneLine(name) != OneLine(row.Name))
            {
                return ErrorCodes.InvalidData with { Message = $"The application's name is {row.Name}. Nothing was deleted." };
            }

            await store.SetDeletionState(db, appId, mark);
            await jobs.RemoveByApplication(db, appId);
            return await start(db, row);
        });
        applications.Invalidate(appId);
        return started;
    }

    /// <summary>Collapses spaces, as a page does.</summary>
    private static string OneLine(string name) => Spaces().Replace(name.Trim(), " ");

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Spaces();

    [LoggerMessage(1, LogLevel.Warning, "Application {AppId} is deleted by {Actor}, from {Client}")]
    private static partial void LogDeleted(ILogger log, string appId, string actor, string client);
}
