using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Users.Batches;
using Latchkey.Users.Search;

namespace Latchkey.Tests.Users.Batches;

/// <summary>All who match a filter, in the background.</summary>
[Collection(SerialCollection.Name)]
public sealed class UserBatchJobTests(ServerFixture servers)
{
    private const int Users = 3000;
    private static readonly Actor Editor = new("editor@example.com", "192.0.2.1");

    [Fact]
    public async Task All_who_match_are_changed_and_the_page_shows_how_it_goes()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await Fill(app, 120);
        using var editor = await PortalVisitor.Member(app, "editor");
        var list = $"/portal/applications/{app.Id}/users";
        var address = $"{list}/bulk?action=suspend&all=1&list={Uri.EscapeDataString("?q=user1&sort=handle")}";
        (await editor.Get(address)).Text("#question").ShouldBe("Suspend 32 users?"); // 1, 10–19, 100–120
        var job = (await editor.Submit(address, "change")).Location;
        job.ShouldStartWith("/portal/jobs/");
        await WaitUntil.IsTrue(
            "it is done",
            async () => (await editor.Get(job)).Text(".notice").StartsWith("32 users", StringComparison.Ordinal)
        );
        (await Count(app, "status = 'suspend'")).ShouldBe(32);
        (await Count(app, "status = 'suspend' AND handle LIKE 'user1%'")).ShouldBe(32);
        (await Logged(app)).ShouldBe(32);
        (await editor.Get(job)).Document.QuerySelector(".actions a")!.GetAttribute("href").ShouldBe(list);
    }

    [Fact]
    public async Task What_was_left_as_before_stands_on_the_page_with_the_reason()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await Fill(app, 3);
        await app.Installation.Execute("UPDATE users SET status = 'suspend' WHERE app_id = @Id AND handle LIKE 'user2%'", new { app.Id });
        using var editor = await PortalVisitor.Member(app, "editor");
        var job = (await editor.Submit($"/portal/applications/{app.Id}/users/bulk?action=suspend&all=1", "change")).Location;
        await WaitUntil.IsTrue("it is done", async () => (await editor.Get(job)).Text(".notice").Length > 0);
        var page = await editor.Get(job);
        page.Text(".notice").ShouldBe("2 users were suspended. 1 user was left as before.");
        page.Text("tbody th a").ShouldBe("user2@example.com");
        page.Text("tbody td").ShouldBe("The user was suspended already.");
    }

    [Fact]
    public async Task The_next_server_goes_on_where_the_killed_one_stopped_and_changes_nobody_twice()
    {
        var installation = await servers.NewInstallation();
        var server = await servers.StartOn(installation);
        var app = await server.CreateApp("signupFlow=none");
        await Fill(app, Users);
        var batches = await installation.Get<UserBatches>();
        (await batches.Start(await Scope(app), app.Id, "", BatchAction.Suspend, Editor)).Succeeded.ShouldBeTrue();
        (await batches.Start(await Scope(app), app.Id, "", BatchAction.Suspend, Editor)).Error!.Message.ShouldStartWith("Other users");
        await WaitUntil.IsTrue("some are suspended", async () => await Count(app, "status = 'suspend'") > 100);
        await server.Kill();
        (await Count(app, "status = 'suspend'")).ShouldBeInRange(100, Users - 1);
        (await Logged(app)).ShouldBe(await Count(app, "status = 'suspend'"));

        // The killed server's lease of the job runs out, as it does after half a minute.
        await installation.Execute("UPDATE jobs SET leased_until = 0 WHERE state = 'open'");
        await servers.StartOn(installation);
        await WaitUntil.IsTrue("the job is finished", async () => await Outcome(app) is { Length: > 0 });
        (await Outcome(app)).ShouldBe("3,000 users were suspended.");
        (await Count(app, "status = 'suspend'")).ShouldBe(Users);
        (await Logged(app)).ShouldBe(Users);
    }

    [Fact]
    public async Task A_stopped_batch_changes_nobody_any_more()
    {
        var installation = await servers.NewInstallation();
        var server = await servers.StartOn(installation);
        var app = await server.CreateApp("signupFlow=none");
        await server.Kill(); // nobody works on the job but this test
        await Fill(app, 20);
        var batches = await installation.Get<UserBatches>();
        var id = (await batches.Start(await Scope(app), app.Id, "", BatchAction.Delete, Editor)).Value!;
        var (database, store) = (await installation.Get<Database>(), await installation.Get<JobStore>());
        var job = await database.Write(db => store.Lease(db, [UserBatchJob.Kind], long.MaxValue - 1, long.MaxValue)) ?? new Job();
        await (await installation.Get<JobQueue>()).Cancel(id);
        var handler = (await installation.Get<JobQueue>()).GetHandler(UserBatchJob.Kind);
        await handler.RunStep(job, TestContext.Current.CancellationToken);
        (await Count(app, "1 = 1")).ShouldBe(20);
        (await installation.Query<string>("SELECT outcome FROM jobs WHERE id = @id", new { id })).ShouldBe(
            "Stopped. 0 users were deleted."
        );
    }

    private static async Task<UserSearchScope> Scope(App app) =>
        UserSearchScope.Of(
            await (await app.Installation.Get<ApplicationCache>()).Find(app.Id) ?? throw new InvalidOperationException("gone")
        );

    private static Task<string> Outcome(App app) =>
        app.Installation.Query<string>("SELECT outcome FROM jobs WHERE app_id = @Id", new { app.Id });

    private static Task<long> Count(App app, string condition) =>
        app.Installation.Query<long>($"SELECT COUNT(*) FROM users WHERE app_id = @Id AND {condition}", new { app.Id });

    private static Task<long> Logged(App app) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = 'suspendUser'", new { app.Id });

    /// <summary>Many users at once, straight into the table.</summary>
    private static async Task Fill(App app, int users) =>
        await app.Installation.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @users)
            INSERT INTO users (id, app_id, handle, handle_key, anonymous, origin, status, locale, email_verified, password_prehashed,
              metadata, invite_metadata, login_provider, two_factor_google, two_factor_phone, totp_last_step, failed_logins,
              created_at, updated_at)
            SELECT 'u' || i, @Id, 'user' || i || '@example.com', 'user' || i || '@example.com',
              FALSE, 'import', 'active', 'EN', TRUE, FALSE, '{}', '{}', '', FALSE,
              FALSE, 0, 0, i, i FROM n
            """,
            new { app.Id, users }
        );
}
