using Latchkey.Activity.Usage;
using Latchkey.Data;

namespace Latchkey.Operations.Overview;

/// <summary>What an operator wants to know in the morning.</summary>
public sealed class InstallationOverview(Database database, InstallationOverviewStore store, TimeProvider clock)
{
    /// <summary>So many applications with most refusals are asked for their reasons.</summary>
    public const int ApplicationsAsked = 10;

    /// <param name="days">UTC days, including today.</param>
    public Task<InstallationFigures> Read(int days)
    {
        var now = clock.Now();
        var first = UsageDay.Of(now) - days + 1;
        return database.Read(async db =>
        {
            var (users, asOf) = await store.CountUsers(db);
            var activity = await store.ReadActivity(db, first);
            var failing = activity.Where(app => app.Failures > 0).OrderByDescending(app => app.Failures).Take(ApplicationsAsked).ToList();
            var since = UsageDay.Start(UsageDay.Date(first));
            var reasons = await store.ReadReasons(db, [.. failing.Select(app => app.AppId)], since);
            return new InstallationFigures
            {
                Applications = await store.CountApplications(db),
                Users = users,
                UsersAsOf = asOf,
                Developers = await store.CountDevelopers(db),
                Queues = await store.ReadQueues(db, now),
                Activity = activity,
                Reasons = ByCode(reasons, failing),
            };
        });
    }

    /// <summary>Why an application's newest calls were refused, the most frequent reason first.</summary>
    /// <param name="since">In unix milliseconds.</param>
    public async Task<IReadOnlyList<(int Code, long Times)>> ReadReasons(string appId, long since) =>
        [
            .. (await database.Read(db => store.ReadReasons(db, [appId], since)))
                .OrderByDescending(one => one.Times)
                .ThenBy(one => one.Code)
                .Select(one => (one.Code, one.Times)),
        ];

    private static IReadOnlyList<FailureReason> ByCode(
        IReadOnlyList<(string AppId, int Code, long Times)> reasons,
        IReadOnlyList<BusyApplication> applications
    ) =>
        [
            .. from reason in reasons
            group reason by reason.Code into same
            let most = same.MaxBy(one => one.Times)
            orderby same.Sum(one => one.Times) descending, same.Key
            select new FailureReason(
                same.Key,
                same.Sum(one => one.Times),
                most.AppId,
                applications.First(app => app.AppId == most.AppId).Name
            ),
        ];
}
