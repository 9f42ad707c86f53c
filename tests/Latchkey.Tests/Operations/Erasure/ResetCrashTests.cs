using Latchkey.Applications;
using Latchkey.Operations.Erasure;

namespace Latchkey.Tests.Operations.Erasure;

/// <summary>kill -9 while a server deletes the users of a large application.</summary>
[Collection(SerialCollection.Name)]
public sealed class ResetCrashTests(ServerFixture servers)
{
    private const int Users = 20_000;
    private static readonly ChangeContext Owner = new(new("owner@example.com", "127.0.0.1"), Role.Owner);

    [Theory]
    [InlineData(DeletionState.Reset)]
    [InlineData(DeletionState.Delete)]
    public async Task The_next_server_goes_on_where_the_killed_one_stopped(string mark)
    {
        var installation = await servers.NewInstallation();
        var server = await servers.StartOn(installation);
        var (app, other) = (await server.CreateApp("signupFlow=none"), await server.CreateApp("signupFlow=none"));
        await other.CreateUser("bob@example.com");
        await Fill(app);
        var rules = await installation.Get<DeletionRules>();
        (
            mark == DeletionState.Reset ? await rules.Reset(app.Id, "Demo", Owner) : await rules.Delete(app.Id, "Demo", Owner)
        ).Succeeded.ShouldBeTrue();
        await WaitUntil.IsTrue("some are deleted", async () => await Left(app) < Users - 500);
        await server.Kill();
        (await Left(app)).ShouldBeInRange(1, Users - 500);

        // The killed server's lease of the job runs out, as it does after half a minute.
        await installation.Execute("UPDATE jobs SET leased_until = 0 WHERE state = 'open'");
        app = app with { Server = await servers.StartOn(installation) };
        await WaitUntil.IsTrue(
            "the job is finished",
            async () => await installation.Query<string>("SELECT state FROM jobs WHERE kind = @mark", new { mark }) == "done"
        );
        (await Left(app)).ShouldBe(0);
        (await installation.Query<long>("SELECT COUNT(*) FROM applications WHERE id = @Id", new { app.Id })).ShouldBe(
            mark == DeletionState.Reset ? 1 : 0
        );
        (await other.TryLoginAt(app.Server)).ShouldBeOk();
        if (mark == DeletionState.Reset)
        {
            await WaitUntil.IsTrue(
                "people can sign up again",
                async () => (await app.PostWithoutRetry("signup", new { handle = "new@example.com", password = App.Password })).Code is null
            );
        }
    }

    private static Task<long> Left(App app) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id });

    /// <summary>Many users at once, straight into the table.</summary>
    private static async Task Fill(App app) =>
        await app.Installation.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @Users)
            INSERT INTO users (id, app_id, handle, handle_key, anonymous, origin, status, locale, email_verified, password_prehashed,
              metadata,
              invite_metadata, login_provider,
              two_factor_google, two_factor_phone, totp_last_step, failed_logins, created_at, updated_at)
            SELECT 'u' || i, @Id, 'user' || i || '@example.com', 'user' || i || '@example.com',
              FALSE, 'import', 'active', 'EN', TRUE, FALSE, '{}', '{}', '', FALSE,
              FALSE, 0, 0, i, i FROM n
            """,
            new { app.Id, Users }
        );
}

file static class OtherServer
{
    public static Task<Reply> TryLoginAt(this App app, ServerProcess server) => (app with { Server = server }).TryLogin("bob@example.com");
}
