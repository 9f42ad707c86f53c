using Dapper;
using Latchkey.Activity.Audit;
using Latchkey.Activity.Usage;
using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;

namespace Latchkey.Operations.FirstSteps;

/// <summary>Reads the <see cref="FirstStepFacts"/> of an application. Each is found by the first row that proves it.</summary>
public sealed class FirstStepReader(Database database, MessageProviders providers)
{
    /// <summary>So many entries of the log are looked at for a call of an app.</summary>
    private const int MaxEntries = 200;

    private static readonly string AppCalls =
        $"(SELECT actor FROM audit WHERE app_id = @appId ORDER BY at DESC LIMIT {MaxEntries}) newest WHERE actor = '{AuditEntry.ByUser}'";

    private static readonly string Sql = $"""
        SELECT
          {Exists("users WHERE app_id = @appId AND anonymous = FALSE")} AS users,
          {Exists("signups WHERE app_id = @appId")} AS signups,
          {Exists(AppCalls)} AS calls,
          {Exists($"usage_days WHERE app_id = @appId AND kind IN ({UsageKind.LoginsInSql})")}
            + {Exists($"usage_events WHERE app_id = @appId AND kind IN ({UsageKind.LoginsInSql})")} AS logins,
          {Exists("application_domains WHERE app_id = @appId")} AS domains,
          (SELECT COUNT(*) FROM (SELECT 1 FROM members WHERE app_id = @appId LIMIT 2) counted) AS members,
          {Exists("developer_invitations WHERE app_id = @appId")} AS invitations
        """;

    public async Task<FirstStepFacts> Read(ApplicationRow app)
    {
        var found = await database.Read(db => db.QuerySingleAsync<Found>(Sql, new { appId = app.Id }));
        var hasSignup = found.Signups > 0 || found.Users > 0;
        return new FirstStepFacts
        {
            HasCall = found.Calls > 0 || hasSignup || found.Logins > 0,
            HasSignup = hasSignup,
            HasUser = found.Users > 0,
            HasLogin = found.Logins > 0,
            HasMailProvider = providers.Sends(ApplicationRules.SettingsOf(app), MessageChannel.Email),
            HasDomain = found.Domains > 0,
            HasMembers = found.Members > 1 || found.Invitations > 0,
        };
    }

    /// <summary>1 if there is a row, otherwise 0.</summary>
    private static string Exists(string rows) => $"(CASE WHEN EXISTS (SELECT 1 FROM {rows}) THEN 1 ELSE 0 END)";

    private sealed record Found
    {
        public long Users { get; init; }

        public long Signups { get; init; }

        public long Calls { get; init; }

        public long Logins { get; init; }

        public long Domains { get; init; }

        public long Members { get; init; }

        public long Invitations { get; init; }
    }
}
