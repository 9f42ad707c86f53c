using System.Data.Common;
using Dapper;

namespace Latchkey.Users.Administration;

/// <summary>Counts the rows of lists up to a limit, and reads what was counted in the background, in one statement.</summary>
public sealed class UserListCountStore
{
    /// <summary>The highest number counted for a page, which takes about a millisecond.</summary>
    public const int MaxLiveCount = 5000;

    private const string Sql = """
        SELECT
          (SELECT COUNT(*) FROM (SELECT 1 FROM users WHERE app_id = @appId AND anonymous = FALSE LIMIT @limit) a) AS users,
          (SELECT COUNT(*) FROM (SELECT 1 FROM users WHERE app_id = @appId AND anonymous = TRUE LIMIT @limit) b) AS anonymous,
          (SELECT COUNT(*) FROM (SELECT 1 FROM invitations WHERE app_id = @appId LIMIT @limit) c) AS invitations,
          (SELECT COUNT(*) FROM (SELECT 1 FROM signups WHERE app_id = @appId LIMIT @limit) d) AS signups,
          COALESCE((SELECT users - anonymous FROM user_counts WHERE app_id = @appId), 0) AS counted_users,
          COALESCE((SELECT anonymous FROM user_counts WHERE app_id = @appId), 0) AS counted_anonymous
        """;

    public async Task<UserListTotals> Get(DbConnection db, string appId)
    {
        var row = await db.QuerySingleAsync<Row>(Sql, new { appId, limit = MaxLiveCount + 1 });
        return new UserListTotals(
            Total(row.Users, row.CountedUsers),
            Total(row.Anonymous, row.CountedAnonymous),
            Total(row.Invitations),
            Total(row.Signups)
        );
    }

    private static UserListTotal Total(long live, long counted = 0) =>
        live <= MaxLiveCount ? new(live)
        : counted > MaxLiveCount ? new(counted, UserListAccuracy.Counted)
        : new(MaxLiveCount, UserListAccuracy.AtLeast);

    private sealed record Row
    {
        public long Users { get; init; }

        public long Anonymous { get; init; }

        public long Invitations { get; init; }

        public long Signups { get; init; }

        public long CountedUsers { get; init; }

        public long CountedAnonymous { get; init; }
    }
}
