namespace Latchkey.Tests.Storage;

/// <summary>Whatever deletes a user or an application, the objects follow: in the background, again and again until they are gone.</summary>
public sealed class ObjectRemovalTests(ServerFixture servers, S3Server s3) : IClassFixture<S3Server>
{
    private const long Day = 86_400_000;
    private const int Queued = 300;

    private const string Queue = """
        INSERT INTO storage_removals (app_id, id, folder, name, cuts, upload_until)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
        SELECT @Id, 'gone-' || i, 'gone', 'x.png', '[]', 0 FROM n
        """;

    public static TheoryData<string> Ways => ["by itself", "by a server", "in the portal", "by retention"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task However_a_user_is_deleted_its_objects_go_and_nobody_elses(string way)
    {
        var server = way == "by retention" ? await servers.Start() : servers.Main;
        var app = await server.CreateApp("signupFlow=none", "anonymousLoginEnabled=1", "anonymousRetentionDays=1");
        await app.SetUpStorage(s3);
        var ann = way == "by retention" ? await app.LoginAnonymous("ANON_ann") : await app.CreateUser("ann@example.com");
        var bob = await app.CreateUser("bob@example.com");
        await ann.Upload(more: new { cuts = """[{"name":"small","size":3}]""" });
        var kept = await bob.Upload();

        switch (way)
        {
            case "by itself":
                (await ann.Post("deleteAccount", new { handle = "ann@example.com", password = App.Password })).ShouldBeTrue();
                break;
            case "by a server":
                (await app.SendAsServer(HttpMethod.Delete, $"users/{ann.Id()}")).ShouldBeTrue();
                break;
            case "in the portal":
                using (var owner = await PortalVisitor.Member(app, "owner"))
                {
                    await owner.Submit($"/portal/applications/{app.Id}/users/{ann.Id()}/delete", "delete", ("handle", "ann@example.com"));
                }

                break;
            default:
                (await server.Stop()).ShouldBe(0);
                await app.Installation.Execute(
                    "UPDATE users SET last_login_at = last_login_at - @age WHERE handle = 'ANON_ann'",
                    new { age = 40 * Day }
                );
                await app.Installation.Execute(
                    "UPDATE sessions SET expires_at = 1 WHERE user_id IN (SELECT id FROM users WHERE handle = 'ANON_ann')"
                );
                await servers.StartOn(app.Installation);
                break;
        }

        await s3.WaitUntilGone($"{app.Id}/{ann.Id()}/");
        s3.Keys.ShouldContain($"{app.Id}/{bob.Id()}/{kept.Id()}/original/beach.png");
        (await app.Totals()).ShouldBe($"{StorageFlows.Picture.Length} {StorageFlows.Picture.Length} 1 0");
    }

    [Fact]
    public async Task Many_files_of_many_users_that_are_deleted_at_once_are_counted_and_queued_each()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.SetUpStorage(s3);
        var (ann, bob, eve) = (
            await app.CreateUser("ann@example.com"),
            await app.CreateUser("bob@example.com"),
            await app.CreateUser("eve@example.com")
        );
        foreach (var user in new[] { ann, bob, eve })
        {
            await user.Upload();
            await user.CreateAsset("pending.png");
        }

        await app.Installation.Execute("DELETE FROM users WHERE app_id = @Id AND handle <> 'eve@example.com'", new { app.Id });
        var length = StorageFlows.Picture.Length;
        (await app.Totals()).ShouldBe($"{2 * length} {length} 2 1");
        (await Rows(app, "storage_usage")).ShouldBe(1);
        (await Rows(app, "storage_removals")).ShouldBe(4);
        await app.Installation.Execute("DELETE FROM storage_assets WHERE app_id = @Id", new { app.Id });
        (await app.Totals()).ShouldBe("0 0 0 0");
        (
            await app.Installation.Query<long>(
                "SELECT bytes + stored_bytes + files + pending FROM storage_usage WHERE app_id = @Id",
                new { app.Id }
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task A_user_who_is_deleted_while_announcing_files_has_an_ended_token_and_leaves_no_file()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.SetUpStorage(s3);
        var ann = await app.CreateUser("ann@example.com");
        await ann.Upload();
        var announced = Enumerable.Range(0, 20).Select(i => ann.CreateAsset($"{i}.png")).ToList();
        (await app.SendAsServer(HttpMethod.Delete, $"users/{ann.Id()}")).ShouldBeTrue();
        foreach (var reply in await Task.WhenAll(announced))
        {
            (reply.Code is null or 405).ShouldBeTrue(reply.Text);
        }

        (await app.Totals()).ShouldBe("0 0 0 0");
    }

    [Fact]
    public async Task A_reset_in_the_portal_ends_with_what_is_still_in_the_bucket()
    {
        await using var own = new S3Server();
        await own.Start();
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.SetUpStorage(own);
        await (await app.CreateUser("ann@example.com")).Upload();
        await own.Stop();
        using var owner = await PortalVisitor.Member(app, "owner");
        var started = await owner.Submit($"/portal/applications/{app.Id}/reset", "erase", ("name", "Demo"));
        await WaitUntil.IsTrue(
            "the job says what is still to do",
            async () =>
                (await owner.Get(started.Location))
                    .Text("main")
                    .Contains("The objects of 1 file are being removed", StringComparison.Ordinal)
        );
        (await owner.Get($"/portal/applications/{app.Id}/storage")).Text("dl.headline").ShouldContain("Being removed1");
    }

    [Fact]
    public async Task A_reset_takes_the_objects_and_leaves_the_bucket_to_the_next_users()
    {
        var (app, ann) = await Filled(servers.Main);
        (await app.Installation.Run("app", "reset", app.Id, "--confirm", "Demo")).ShouldSucceed();
        await s3.WaitUntilGone($"{app.Id}/");
        (await app.Totals()).ShouldBe("0 0 0 0");
        (await ann.Get("assets")).ShouldFailWith(405);
        var next = await WaitUntil.IsNotNull(
            "people can sign up again",
            async () => await app.Signup("next@example.com") is { Code: null } reply ? app.ParseTokens(reply) : null
        );
        await next.Upload();
    }

    [Fact]
    public async Task A_deletion_takes_the_objects_and_at_last_the_buckets_keys()
    {
        var (app, _) = await Filled(servers.Main);
        (await app.Installation.Run("app", "delete", app.Id, "--confirm", "Demo")).ShouldSucceed();
        await s3.WaitUntilGone($"{app.Id}/");
        await AllowNoMoreUploads(app);
        await WaitUntil.IsTrue("the bucket's keys are gone", async () => await Rows(app, "storage_settings") == 0);
        (await Rows(app, "storage_removals")).ShouldBe(0);
        (await Rows(app, "storage_assets")).ShouldBe(0);
    }

    [Fact]
    public async Task An_application_that_never_had_files_leaves_no_keys()
    {
        var app = await servers.Main.CreateApp();
        await app.SetUpStorage(s3);
        await app.Delete();
        await WaitUntil.IsTrue("the bucket's keys are gone", async () => await Rows(app, "storage_settings") == 0);
    }

    [Fact]
    public async Task Keys_of_a_deleted_application_that_were_left_are_removed_with_retention()
    {
        var server = await servers.Start();
        var (app, other) = (await server.CreateApp(), await server.CreateApp());
        await app.SetUpStorage(s3);
        await other.SetUpStorage(s3);
        (await server.Stop()).ShouldBe(0);
        await app.Installation.Execute("UPDATE storage_settings SET app_id = 'deleted' WHERE app_id = @Id", new { app.Id });
        await servers.StartOn(app.Installation);
        await WaitUntil.IsTrue(
            "they are gone",
            async () => await app.Installation.Query<long>("SELECT COUNT(*) FROM storage_settings WHERE app_id = 'deleted'") == 0
        );
        (await Rows(other, "storage_settings")).ShouldBe(1);
    }

    [Fact]
    public async Task While_the_bucket_is_down_the_objects_wait_and_go_when_it_is_back()
    {
        await using var own = new S3Server();
        await own.Start();
        var server = await servers.Start();
        var app = await server.CreateApp("signupFlow=none");
        await app.SetUpStorage(own);
        var ann = await app.CreateUser("ann@example.com");
        await ann.Upload();
        await own.Stop();
        (await app.SendAsServer(HttpMethod.Delete, $"users/{ann.Id()}")).ShouldBeTrue();
        await WaitUntil.IsTrue(
            "it was tried",
            () => Task.FromResult(server.Log.Any(line => line.Contains("could not be removed", StringComparison.Ordinal)))
        );
        (await Rows(app, "storage_removals")).ShouldBe(1);
        await own.Start();
        await app.Installation.Execute("UPDATE storage_removals SET due_at = 0 WHERE app_id = @Id", new { app.Id }); // the pause is over
        await own.WaitUntilGone($"{app.Id}/");
    }

    [Fact]
    public async Task After_a_month_all_that_wait_are_given_up_and_the_log_says_how_many()
    {
        await using var own = new S3Server();
        await own.Start();
        var server = await servers.Start();
        var app = await server.CreateApp("signupFlow=none");
        await app.SetUpStorage(own);
        await own.Stop();
        await app.Installation.Execute(Queue, new { app.Id });
        await WaitUntil.IsTrue(
            "all were postponed as often as the first",
            async () =>
                await app.Installation.Query<long>(
                    "SELECT COUNT(*) FROM storage_removals WHERE app_id = @Id AND attempts = 1 AND due_at > 0",
                    new { app.Id }
                ) == Queued
        );
        await app.Installation.Execute("UPDATE storage_removals SET due_at = 0, attempts = 129 WHERE app_id = @Id", new { app.Id });
        await WaitUntil.IsTrue(
            "the log says it",
            () => Task.FromResult(server.Log.Any(line => line.Contains($"Objects of {Queued} files", StringComparison.Ordinal)))
        );
        (await Rows(app, "storage_removals")).ShouldBe(0);
    }

    [Fact]
    public async Task Many_removals_from_a_bucket_that_hangs_hold_up_nobody_else()
    {
        await using var hanging = new LoopbackListener(StorageFlows.Hang);
        var server = await servers.Start();
        var (slow, (app, _)) = (await server.CreateApp(), await Filled(server));
        await slow.SetUpStorage(s3);
        (
            await slow.RunStorage(S3Server.Key, "set", slow.Id, "--endpoint", $"http://127.0.0.1:{hanging.Port}", "--secret-stdin")
        ).ShouldSucceed();
        (await server.Stop()).ShouldBe(0);
        await slow.Installation.Execute(Queue, new { slow.Id });
        await app.Installation.Execute("DELETE FROM users WHERE app_id = @Id", new { app.Id });
        await servers.StartOn(app.Installation);
        await s3.WaitUntilGone($"{app.Id}/");
    }

    [Fact]
    public async Task Kill_9_after_a_deletion_was_answered_loses_no_removal()
    {
        await using var own = new S3Server();
        await own.Start();
        var server = await servers.Start();
        var app = await server.CreateApp("signupFlow=none");
        await app.SetUpStorage(own);
        var ann = await app.CreateUser("ann@example.com");
        for (var i = 0; i < 5; i++)
        {
            await ann.Upload($"picture-{i}.png");
        }

        await own.Stop(); // else they might be gone before the kill
        (await app.SendAsServer(HttpMethod.Delete, $"users/{ann.Id()}")).ShouldBeTrue();
        await server.Kill();
        await own.Start();
        own.Keys.Count.ShouldBe(5);
        await app.Installation.Execute("UPDATE storage_removals SET due_at = 0 WHERE app_id = @Id", new { app.Id });
        await servers.StartOn(app.Installation);
        await own.WaitUntilGone($"{app.Id}/");
    }

    [Fact]
    public async Task An_upload_after_the_removal_is_removed_too_when_its_link_has_ended()
    {
        var (app, ann) = await Filled(servers.Main);
        var created = (await ann.CreateAsset("late.png")).ShouldBeOk().Json;
        (await ann.Post("removeAsset", new { assetId = created.Id() })).ShouldBeTrue();
        await TriedOnce(app);
        await StorageFlows.PutAll(created);
        (await app.Check()).GetProperty("removing").GetInt64().ShouldBe(1);
        await AllowNoMoreUploads(app);
        await s3.WaitUntilGone($"{app.Id}/{ann.Id()}/{created.Id()}");
        await WaitUntil.IsTrue("nothing is left to do", async () => await Rows(app, "storage_removals") == 0);
    }

    [Fact]
    public async Task What_was_never_completed_is_removed_after_a_day_and_not_before()
    {
        var server = await servers.Start();
        var (app, ann) = await Filled(server);
        var (old, young) = ((await ann.CreateAsset("old.png")).ShouldBeOk().Json, (await ann.CreateAsset("young.png")).ShouldBeOk().Json);
        await StorageFlows.PutAll(old);
        await StorageFlows.PutAll(young);
        (await server.Stop()).ShouldBe(0);
        foreach (var (asset, age) in new[] { (old, Day + 3_600_000), (young, Day - 3_600_000) })
        {
            await app.Installation.Execute(
                "UPDATE storage_assets SET created_at = created_at - @age, upload_until = upload_until - @age WHERE id = @id",
                new { age, id = asset.Id() }
            );
        }

        await servers.StartOn(app.Installation);

        await s3.WaitUntilGone($"{app.Id}/{ann.Id()}/{old.Id()}");
        s3.Keys.Count(key => key.Contains(young.Id(), StringComparison.Ordinal)).ShouldBe(1);
        (await app.Totals()).ShouldBe($"{2 * StorageFlows.Picture.Length} {StorageFlows.Picture.Length} 2 1");
    }

    /// <summary>As if a quarter of an hour and its margin had passed.</summary>
    private static async Task AllowNoMoreUploads(App app)
    {
        await TriedOnce(app);
        await app.Installation.Execute("UPDATE storage_removals SET upload_until = 0, due_at = 0 WHERE app_id = @Id", new { app.Id });
    }

    /// <summary>Until the worker has removed the objects, and waits for the end of the links.</summary>
    private static Task TriedOnce(App app) =>
        WaitUntil.IsTrue(
            "the worker was here once",
            async () =>
                await app.Installation.Query<long>(
                    "SELECT COUNT(*) FROM storage_removals WHERE app_id = @Id AND removed = TRUE",
                    new { app.Id }
                ) == 1
        );

    private static Task<long> Rows(App app, string table) =>
        app.Installation.Query<long>($"SELECT COUNT(*) FROM {table} WHERE app_id = @Id", new { app.Id });

    private async Task<(App App, LoggedInUser Ann)> Filled(ServerProcess server)
    {
        var app = await server.CreateApp("signupFlow=none");
        await app.SetUpStorage(s3);
        var ann = await app.CreateUser("ann@example.com");
        await ann.Upload();
        return (app, ann);
    }
}
