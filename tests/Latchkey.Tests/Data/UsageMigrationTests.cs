using Dapper;
using Latchkey.Data;

namespace Latchkey.Tests.Data;

/// <summary>Users who were active this week under an earlier release, which did not count weeks, are counted by the upgrade.</summary>
public sealed class UsageMigrationTests(ServerFixture servers)
{
    private const long Day = 86_400_000;

    [Fact]
    public async Task Those_active_since_monday_are_counted_once_and_nobody_else()
    {
        var installation = await servers.NewInstallation();
        var (busy, quiet) = (await Create(installation, "Busy"), await Create(installation, "Quiet"));
        var now = AppFlows.FromNow(0);
        await Add(installation, busy, "logged-in", "import", created: 1, login: now);
        await Add(installation, busy, "refreshed", "import", created: 1, login: now - 20 * Day, active: now);
        await Add(installation, busy, "signed-up", "signup", created: now);
        await Add(installation, busy, "long-ago", "signup", created: 1, login: now - 8 * Day, active: now - 8 * Day);
        await Add(installation, busy, "imported", "import", created: now);
        await Add(installation, quiet, "long-ago", "signup", created: now - 8 * Day);

        var database = await installation.Get<Database>();
        await database.Write(async db =>
        {
            await db.ExecuteAsync("DROP TABLE usage_hours");
            await db.ExecuteAsync("ALTER TABLE usage_events DROP COLUMN hour");
            await db.ExecuteAsync(
                Migrator.ScriptTexts(database.Dialect.Name).Single(script => script.Contains("CREATE TABLE usage_hours"))
            );
        });

        (await installation.Query<string>("SELECT app_id || ' ' || kind || ' ' || count FROM usage_days")).ShouldBe(
            $"{busy} active_week 3"
        );
        (await installation.Query<long>("SELECT (day + 3) % 7 FROM usage_days")).ShouldBe(0); // a Monday
    }

    private static async Task<string> Create(TestInstallation installation, string name) =>
        (await installation.Run("app", "create", "--name", name, "--algorithm", "ES256", "--json"))
            .ShouldSucceed()
            .Json.GetProperty("appId")
            .GetString()!;

    private static Task<int> Add(
        TestInstallation installation,
        string appId,
        string name,
        string origin,
        long created,
        long? login = null,
        long? active = null
    ) =>
        installation.Execute(
            """
            INSERT INTO users (id, app_id, handle, handle_key, anonymous, origin, status, locale, email_verified, password_prehashed,
              metadata, invite_metadata, login_provider, two_factor_google, two_factor_phone, totp_last_step, failed_logins, created_at,
              updated_at, last_login_at, last_active_at)
            VALUES (@appId || @name, @appId, @name, @name, FALSE, @origin, 'active', 'EN', TRUE, FALSE, '{}', '{}', '', FALSE, FALSE, 0, 0,
              @created, @created, CAST(@login AS BIGINT), CAST(@active AS BIGINT))
            """,
            new
            {
                appId,
                name,
                origin,
                created,
                login,
                active,
            }
        );
}
