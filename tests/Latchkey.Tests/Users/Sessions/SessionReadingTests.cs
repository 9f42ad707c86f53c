using Dapper;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Tests.Users.Sessions;

/// <summary>The statement of every request with an access token reads columns by their places; the mapper reads them by their names.</summary>
public sealed class SessionReadingTests(ServerFixture servers)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_and_its_user_are_read_as_the_mapper_reads_them(bool hasAll)
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser("ann@example.com");
        var installation = app.Installation;
        if (hasAll)
        {
            await installation.Execute(
                """
                UPDATE users SET user_name = 'the name', origin = 'the origin', status = 'the status', locale = 'XX', password_hash = 'the hash',
                  metadata = 'the metadata', invite_metadata = 'of the invitation', login_provider = 'the provider',
                  phone = 'the phone', pending_phone = 'the next phone', two_factor_google = @yes,
                  totp_seed_sealed = 'the seed', totp_last_step = 3, failed_logins = 4, failed_codes = 5, failed_code_at = 6000000000,
                  last_login_at = 7000000000, last_active_at = 7500000000, created_at = 8000000000, updated_at = 9000000000
                WHERE app_id = @Id
                """,
                new { yes = true, app.Id }
            );
            await installation.Execute(
                """
                UPDATE sessions SET client = 'the client', created_at = 1000000000, expires_at = 2000000000, ended_at = 3000000000,
                  proved_at = 4000000000, last_used_at = 5000000000, idle_expires_at = 6000000000, methods = 'pwd otp mfa', end_reason = 'idle'
                WHERE app_id = @Id
                """,
                new { app.Id }
            );
        }

        var (users, sessions) = (await installation.Get<UserStore>(), await installation.Get<SessionStore>());
        var database = await installation.Get<Database>();
        var expected = await database.Read(db =>
            db.QuerySingleAsync<Session>(
                $"SELECT s.app_id, s.user_id, {SessionStore.Columns} FROM sessions s WHERE s.app_id = @Id",
                new { app.Id }
            )
        );
        var found = (await database.Read(db => sessions.Find(db, app.Id, expected.Id))).ShouldNotBeNull();
        found.Session.ShouldBe(expected);
        found.User.ShouldBe(await database.Read(db => users.Find(db, app.Id, expected.UserId)));
        (found.User.Phone is not null).ShouldBe(hasAll);
        SessionStore.Columns.Split(',').Length.ShouldBe(SessionStore.ColumnCount);
        UserStore.Columns.Split(',').Length.ShouldBe(UserStore.ColumnCount);
    }

    [Fact]
    public async Task A_session_of_another_application_is_not_found()
    {
        var (app, other) = (await servers.Main.CreateApp("signupFlow=none"), await servers.Main.CreateApp("signupFlow=none"));
        await app.CreateUser("ann@example.com");
        var id = await app.Installation.Query<string>("SELECT id FROM sessions WHERE app_id = @Id", new { app.Id });
        var sessions = await app.Installation.Get<SessionStore>();
        var database = await app.Installation.Get<Database>();
        (await database.Read(db => sessions.Find(db, app.Id, id))).ShouldNotBeNull();
        (await database.Read(db => sessions.Find(db, other.Id, id))).ShouldBeNull();
    }
}
