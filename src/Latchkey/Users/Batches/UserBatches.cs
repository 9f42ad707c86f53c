using System.Runtime.CompilerServices;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Users.Administration;
using Latchkey.Users.Search;

namespace Latchkey.Users.Batches;

/// <summary>Does one thing with many users: with up to a page of them at once, with all who match a filter in the background.</summary>
public sealed class UserBatches(Database database, UserList list, UserBatchChange change, JobQueue queue, TimeProvider clock)
{
    /// <summary>So many users are changed while the person waits.</summary>
    public const int MaxAtOnce = UserList.PageSize;

    /// <summary>The highest number counted before a batch.</summary>
    private const int MaxCount = 10_000;
    private const int IdsPerPage = 500;

    private static readonly Error Running = ErrorCodes.InvalidData with
    {
        Message = "Other users of this application are being changed now. Wait until that is done, then try again.",
    };

    /// <summary>How many users match.</summary>
    public async Task<BatchCount> Count(string appId, UserListQuery query)
    {
        var page = await list.PageWithoutMetadata(appId, InOrder(query), new PageRequest("", "", MaxCount));
        return new BatchCount(page.Rows.Count, page.Next is null);
    }

    /// <summary>Changes users one after the other. Ids that the application does not have change nothing.</summary>
    public async Task<BatchResult> Run(Application application, IReadOnlyCollection<string> ids, BatchAction action, Actor actor)
    {
        var (changed, failures) = (0, new List<BatchFailure>());
        foreach (var id in ids.Where(Field.IsStorable).Distinct(StringComparer.Ordinal).Take(MaxAtOnce))
        {
            if ((await change.Apply(application, id, action, actor)).Error is { } refused)
            {
                failures.Add(new BatchFailure(id, refused.Message));
            }
            else
            {
                changed++;
            }
        }

        return new BatchResult(changed, failures);
    }

    /// <summary>
    /// Starts to change all users who match now; those who come later are left alone. Returns the job's id. One batch of an application at
    /// a time, so that it leaves room for the jobs of others.
    /// </summary>
    /// <param name="scope">The application, and whether it is about its anonymous users.</param>
    /// <param name="appId">The application.</param>
    /// <param name="text">The search, as typed; empty for all.</param>
    public async Task<Result<string>> Start(UserSearchScope scope, string appId, string text, BatchAction action, Actor actor)
    {
        if (list.Read(scope, text, "").Failed(out var query, out var refused))
        {
            return refused;
        }

        var count = await Count(appId, query);
        var state = new UserBatchState
        {
            Action = action.Name,
            Search = text,
            Anonymous = scope.Anonymous,
            Client = actor.Client,
            Until = clock.Now(),
            Total = count.IsExact ? count.Users : 0,
        };
        return await database.Write<Result<string>>(async db =>
            await queue.EnqueueUnlessRunning(db, UserBatchJob.Kind, appId, state.Serialize(), actor.Name) is { } job ? job : Running
        );
    }

    /// <summary>The ids of all users who match, a page at a time, newest first.</summary>
    public async IAsyncEnumerable<IReadOnlyList<string>> Ids(
        string appId,
        UserListQuery query,
        [EnumeratorCancellation] CancellationToken stop = default
    )
    {
        for (var cursor = ""; ; )
        {
            stop.ThrowIfCancellationRequested();
            var page = await list.PageWithoutMetadata(appId, InOrder(query), new PageRequest(cursor, "", IdsPerPage));
            yield return [.. page.Rows.Select(user => user.Id)];
            if (page.Next is not { } next)
            {
                yield break;
            }

            cursor = next.Encoded;
        }
    }

    /// <summary>In an order that the batch itself does not change.</summary>
    public static UserListQuery InOrder(UserListQuery query) => query with { Sort = UserSort.Created, Descending = true };
}
