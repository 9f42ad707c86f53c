using System.Data.Common;
using Dapper;
using Latchkey.Activity.Usage;

namespace Latchkey.Users.Administration;

/// <summary>Counts the rows of lists up to a limit, and reads what was counted in the background, in one statement.</summary>
public sealed class UserListCountStore
{
    private const string Sql = $"""
        SELECT
          (SELECT COUNT(*) FROM (SELECT 1 FROM users WHERE app_id = @appId AND anonymous = FALSE LIMIT @limit) a) AS users,
          (SELECT COUNT(*) FROM (SELECT 1 FROM users WHERE app_id = @appId AND anonymous = TRUE LIMIT @limit) b) AS anonymous,
          (SELECT COUNT(*) FROM (SELECT 1 FROM invitations WHERE app_id = @appId LIMIT @limit) c) AS invitations,
          (SELECT COUNT(*) FROM (SELECT 1 FROM signups WHERE app_id = @appId LIMIT @limit) d) AS signups,
          COALESCE((SELECT users - anonymous FROM user_counts WHERE app_id = @appId), 0) AS counted_users,
          COALESCE((SELECT anonymous FROM user_counts WHERE app_id = @appId), 0) AS counted_anonymous,
          COALESCE((SELECT CAST(value AS BIGINT) FROM installation WHERE name = '{UserCountStore.At}'), 0) AS counted_at
        """;

    public async Task<UserListTotals> Get(DbConnection db, string appId)
    {
        var row = await db.QuerySingleAsync<Row>(Sql, new { appId, limit = UserCounts.MaxLiveCount + 1 });
        return new UserListTotals(
            UserTotal.Of(row.Users, row.CountedUsers, row.CountedAt),
            UserTotal.Of(row.Anonymous, row.CountedAnonymous, row.CountedAt),
            UserTotal.Of(row.Invitations, counted: 0, at: 0),
            UserTotal.Of(row.Signups, counted: 0, at: 0)
        );
    }

    private sealed record Row
    {
        public long Users { get; init; }

        public long Anonymous { get; init; }

        public long Invitations { get; init; }

        public long Signups { get; init; }

        public long CountedUsers { get; init; }

        public long CountedAnonymous { get; init; }

        public long CountedAt { get; init; }
    }
}
