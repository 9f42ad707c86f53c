using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Registration;

namespace Latchkey.Operations.Erasure;

/// <summary>
/// Deletes an application's rows in small transactions with pauses between them, so that every other application keeps its turn to
/// write. Nothing but the rows themselves says how far it has come: whoever takes it up goes on with those that are left.
/// </summary>
public sealed class EraseSteps(Database database, ApplicationStore applications, UserStore users, SignupStore signups, InvitationStore invitations, MessageStore messages, AuditStore audit, ContentsStore contents, ApplicationDirectory directory, TimeProvider clock)
{
    /// <summary>Rows in one transaction, which takes some ten milliseconds.</summary>
    private const int Batch = 400;

    /// <summary>How long a job goes on before it says how far it is.</summary>
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(1);

    /// <summary>A step of the job that deletes an application's rows.</summary>
    /// <param name="mark">A <see cref="Erasing"/>; an application that does not bear it is left alone.</param>
    /// <param name="outcome">What is said when none is left.</param>
    public async Task<JobStep> Step(Job job, string appId, string mark, string outcome, CancellationToken stop)
    {
        var total = job.Total > 0 ? job.Total : await database.Read(db => contents.All(db, appId));
        var (rows, isDone) = await Continue(appId, mark, StepTime, stop);
        return isDone ? new JobStep(job.Done + rows, job.Done + rows, outcome) : new JobStep(job.Done + rows, total);
    }

    /// <summary>Goes on for about so long.</summary>
    /// <param name="mark">A <see cref="Erasing"/>; an application that does not bear it is left alone.</param>
    public async Task<ErasedRows> Continue(string appId, string mark, TimeSpan most, CancellationToken stop)
    {
        var (start, rows) = (clock.GetTimestamp(), 0L);
        while (clock.GetElapsedTime(start) < most)
        {
            var begun = clock.GetTimestamp();
            var (deleted, isDone) = await database.Write(db => DeleteSome(db, appId, mark));
            rows += deleted;
            if (isDone)
            {
                directory.Forget(appId);
                return new ErasedRows(rows, IsDone: true);
            }

            await Task.Delay(clock.GetElapsedTime(begun), clock, stop); // as long again for everyone else
        }

        return new ErasedRows(rows, IsDone: false);
    }

    private async Task<(int Rows, bool IsDone)> DeleteSome(System.Data.Common.DbConnection db, string appId, string mark)
    {
        if (await applications.MarkOf(db, appId) != mark)
        {
            return (0, true); // somebody else has finished it
        }

        var isReset = mark == Erasing.Reset;
        var rows = await users.RemoveSome(db, appId, Batch);
        rows = rows > 0 ? rows : await signups.RemoveSome(db, appId, Batch);
        rows = rows > 0 ? rows : await invitations.RemoveSome(db, appId, Batch);
        rows = rows > 0 ? rows : await messages.RemoveSome(db, appId, Batch);
        rows = rows > 0 ? rows : await audit.RemoveSome(db, appId, aboutUsers: isReset, Batch);
        if (rows > 0)
        {
            return (rows, false);
        }

        await (isReset ? applications.Mark(db, appId, "") : applications.Delete(db, appId));
        return (0, true);
    }
}

/// <summary>How many rows went, and whether none is left.</summary>
public sealed record ErasedRows(long Rows, bool IsDone);
