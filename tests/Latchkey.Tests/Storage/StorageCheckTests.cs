namespace Latchkey.Tests.Storage;

/// <summary><c>latchkey storage check</c>: what is in the bucket without a row, and what has a row and no object.</summary>
public sealed class StorageCheckTests(ServerFixture servers, S3Server s3) : IClassFixture<S3Server>
{
    [Fact]
    public async Task A_bucket_in_step_has_no_findings_and_what_is_out_of_step_is_named()
    {
        var (app, ann) = await Set(servers.Main);
        var (kept, lost) = (await ann.Upload(), await ann.Upload("lost.png", new { cuts = """[{"name":"small","size":3}]""" }));
        var clean = await app.Check();
        clean.GetProperty("objects").GetInt64().ShouldBe(3);
        clean.GetProperty("findings").GetArrayLength().ShouldBe(0);

        var (orphan, stranger) = ($"{app.Id}/{ann.Id()}/{Guid.Empty}/original/x.png", $"{app.Id}/readme.txt");
        await s3.Plant(orphan, [1, 2, 3]);
        await s3.Plant(stranger, [1]);
        await s3.Plant($"another/{ann.Id()}/{Guid.Empty}/original/x.png", [1]); // not this application's
        s3.Lose($"{app.Id}/{ann.Id()}/{lost.Id()}/small/lost.png");

        var findings = (await app.Check(exitCode: 1)).GetProperty("findings").EnumerateArray().ToList();
        findings
            .Select(one => $"{one.Text("kind")} {one.Text("key")} {one.GetProperty("size")}")
            .ShouldBe(
                [
                    $"object-without-row {orphan} 3",
                    $"object-without-row {stranger} 1",
                    $"row-without-object {app.Id}/{ann.Id()}/{lost.Id()}/small/lost.png 3",
                ],
                ignoreOrder: true
            );
        var text = await app.RunStorage("", "check", "--app", app.Id);
        text.ExitCode.ShouldBe(1);
        text.Output.ShouldContain($"object without a file: {orphan}");
        text.Output.ShouldContain("3 findings");
        (await ann.Get($"asset?assetId={kept.Id()}")).ShouldBeOk();
    }

    /// <summary>The steps of an upload; the server is killed after each.</summary>
    public static TheoryData<string> Steps => ["announced", "uploaded", "completed", "removed", "user deleted"];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Kill_9_between_any_two_steps_leaves_no_object_that_the_check_does_not_account_for(string last)
    {
        var server = await servers.Start();
        var (app, ann) = await Set(server);
        await ann.Upload("first.png");
        var created = (await ann.CreateAsset("second.png")).ShouldBeOk().Json;
        foreach (var step in Steps.Select(row => row.Data).TakeWhile(step => step != last).Append(last))
        {
            switch (step)
            {
                case "uploaded":
                    await StorageFlows.PutAll(created);
                    break;
                case "completed":
                    (await ann.Complete(created)).ShouldBeOk();
                    break;
                case "removed":
                    (await ann.Post("removeAsset", new { assetId = created.Id() })).ShouldBeTrue();
                    break;
                case "user deleted":
                    (await app.SendAsServer(HttpMethod.Delete, $"users/{ann.Id()}")).ShouldBeTrue();
                    break;
            }
        }

        await server.Kill();

        var objects = s3.Keys.Count(key => key.StartsWith($"{app.Id}/", StringComparison.Ordinal));
        var report = await app.Check();
        report.GetProperty("objects").GetInt64().ShouldBe(objects);
        report.GetProperty("findings").GetArrayLength().ShouldBe(0);
        if (last is "removed" or "user deleted")
        {
            var left = last == "removed" ? 1 : 0;
            await servers.StartOn(app.Installation);
            await app.Installation.Execute("UPDATE storage_removals SET due_at = 0 WHERE app_id = @Id", new { app.Id });
            await WaitUntil.IsTrue(
                "the objects are gone",
                () => Task.FromResult(s3.Keys.Count(key => key.StartsWith($"{app.Id}/", StringComparison.Ordinal)) == left)
            );
        }
    }

    /// <summary>Kills the server while many uploads run, and then accounts for every object.</summary>
    [Fact]
    public async Task Kill_9_amid_many_uploads_leaves_every_object_with_a_row()
    {
        var server = await servers.Start("--limits", "off");
        var (app, ann) = await Set(server);
        var uploads = Enumerable
            .Range(0, 30)
            .Select(async i =>
            {
                try
                {
                    var asset = await ann.Upload($"picture-{i}.png");
                    if (i % 3 == 0)
                    {
                        await ann.Post("removeAsset", new { assetId = asset.Id() });
                    }
                }
                catch (HttpRequestException)
                {
                    // the server was killed
                }
            })
            .ToList();
        await Task.WhenAny(uploads);
        await server.Kill();
        await Task.WhenAll(uploads);

        (await app.Check()).GetProperty("findings").GetArrayLength().ShouldBe(0);
        var rows = await app.Installation.Query<long>("SELECT COUNT(*) FROM storage_assets WHERE app_id = @Id", new { app.Id });
        (await app.Installation.Query<long>("SELECT files FROM storage_totals WHERE app_id = @Id", new { app.Id })).ShouldBe(rows);
    }

    [Fact]
    public async Task A_bucket_that_fails_and_an_application_without_one_are_said_to_be_so()
    {
        var app = await servers.Main.CreateApp();
        (await app.RunStorage("", "check", "--app", app.Id)).ShouldFail("no bucket");
        await app.SetUpStorage(s3);
        (await app.RunStorage("", "set", app.Id, "--bucket", "not-there")).ShouldSucceed();
        (await app.RunStorage("", "check", "--app", app.Id)).ShouldFail("no bucket named not-there");
    }

    [Fact]
    public async Task A_bucket_that_fails_does_not_keep_the_others_from_the_check()
    {
        var server = await servers.Start();
        var (broken, (app, ann)) = (await server.CreateApp(), await Set(server));
        await ann.Upload();
        await broken.SetUpStorage(s3);
        (await broken.RunStorage("", "set", broken.Id, "--bucket", "not-there")).ShouldSucceed();

        var text = await app.RunStorage("", "check");
        text.ShouldFail($"{broken.Id}: There is no bucket named not-there");
        text.Output.ShouldBe($"{app.Id}  1 objects: 0 not completed, 0 about to be removed, 0 findings\n");

        var json = await app.RunStorage("", "check", "--json");
        json.ExitCode.ShouldBe(1);
        json.Json.EnumerateArray()
            .Select(one => (one.Text("appId"), one.GetProperty("problem").GetString() is null))
            .ShouldBe([(app.Id, true), (broken.Id, false)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_listing_without_an_end_is_ended()
    {
        await using var host = new LoopbackListener(stream =>
            StorageFlows.Answer(
                stream,
                "200 OK\r\nContent-Type: application/xml",
                "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>x</Key><Size>1</Size></Contents>"
                    + "<NextContinuationToken>again</NextContinuationToken></ListBucketResult>"
            )
        );
        var app = await servers.Main.CreateApp();
        await app.SetUpStorage(s3);
        (
            await app.RunStorage(S3Server.Key, "set", app.Id, "--endpoint", $"http://127.0.0.1:{host.Port}", "--secret-stdin")
        ).ShouldSucceed();
        (await app.RunStorage("", "check", "--app", app.Id)).ShouldFail("listing does not get on");
    }

    [Fact]
    public async Task Many_findings_are_counted_and_the_first_thousand_are_shown()
    {
        var strays = Enumerable.Range(0, 1001).Select(i => $"<Contents><Key>stray-{i}</Key><Size>1</Size></Contents>");
        await using var host = new LoopbackListener(stream =>
            StorageFlows.Answer(
                stream,
                "200 OK\r\nContent-Type: application/xml",
                $"<ListBucketResult><IsTruncated>false</IsTruncated>{string.Concat(strays)}</ListBucketResult>"
            )
        );
        var app = await servers.Main.CreateApp();
        await app.SetUpStorage(s3);
        (
            await app.RunStorage(S3Server.Key, "set", app.Id, "--endpoint", $"http://127.0.0.1:{host.Port}", "--secret-stdin")
        ).ShouldSucceed();
        var report = await app.Check(exitCode: 1);
        report.GetProperty("findings").GetArrayLength().ShouldBe(1000);
        report.GetProperty("unlisted").GetInt64().ShouldBe(1);
        (await app.RunStorage("", "check", "--app", app.Id)).Output.ShouldContain("1001 findings, 1 of them not shown");
    }

    /// <summary>The SDK would follow a redirect without end, and throw at a strange one.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("nowhere://[")]
    [InlineData("")]
    public async Task A_redirect_is_not_followed(string location)
    {
        await using var host = new LoopbackListener(stream =>
            StorageFlows.Answer(
                stream,
                $"307 Temporary Redirect\r\nLocation: {location}",
                "<Error><Code>TemporaryRedirect</Code><Message>Elsewhere</Message></Error>"
            )
        );
        var app = await servers.Main.CreateApp();
        await app.SetUpStorage(s3);
        (
            await app.RunStorage(S3Server.Key, "set", app.Id, "--endpoint", $"http://127.0.0.1:{host.Port}", "--secret-stdin")
        ).ShouldSucceed();
        (await app.RunStorage("", "check", "--app", app.Id)).ShouldFail("in another region, or at another endpoint");
    }

    private async Task<(App App, LoggedInUser Ann)> Set(ServerProcess server)
    {
        var app = await server.CreateApp("signupFlow=none");
        await app.SetUpStorage(s3);
        return (app, await app.CreateUser("ann@example.com"));
    }
}
