using System.Net;

namespace Latchkey.Tests.Storage;

/// <summary>A file's way: announced, uploaded straight to the bucket, completed, read by links, removed.</summary>
public sealed class AssetFlowTests(ServerFixture servers, S3Server s3) : IClassFixture<S3Server>
{
    private const string Cuts = """[{"name":"preview","size":10},{"name":"large","size":20}]""";

    [Fact]
    public async Task A_file_with_cuts_is_uploaded_completed_and_read_through_signed_links()
    {
        var ann = await Ann();
        var asset = await ann.Upload(
            "holiday/beach.png",
            new
            {
                cuts = Cuts,
                caption = "The beach",
                extra = """{"album":{"id":7}}""",
                expirationHours = 2,
            }
        );

        asset.Text("path").ShouldBe("holiday/beach.png");
        asset.Text("caption").ShouldBe("The beach");
        asset.GetProperty("extra").GetRawText().ShouldBe("""{"album":{"id":7}}""");
        asset.GetProperty("size").GetInt64().ShouldBe(StorageFlows.Picture.Length);
        asset.GetProperty("cuts").EnumerateArray().Select(cut => cut.Text("name")).ShouldBe(["preview", "large"]);
        asset.Text("url").ShouldContain("X-Amz-Expires=7200");
        using var read = await S3Server.Get(asset.Text("url"));
        (await read.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(StorageFlows.Picture);
        read.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        using var cut = await S3Server.Get(asset.GetProperty("cuts")[0].Text("url"));
        (await cut.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length.ShouldBe(10);
        var mine = s3.Keys.Where(key => key.StartsWith($"{ann.App.Id}/", StringComparison.Ordinal)).ToList();
        mine.Count.ShouldBe(3);
        mine.ShouldAllBe(key => key.StartsWith($"{ann.App.Id}/{ann.Id()}/{asset.Id()}/"));
        (await ann.App.Totals()).ShouldBe($"{StorageFlows.Picture.Length + 30} {StorageFlows.Picture.Length + 30} 1 0");
    }

    [Fact]
    public async Task The_bucket_takes_only_the_size_type_key_and_time_that_were_signed()
    {
        var ann = await Ann();
        var url = (await ann.CreateAsset()).ShouldBeOk().Json.Text("writeUrl");
        url.ShouldContain("X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost");
        await Refused(url, [.. StorageFlows.Picture, 1], "image/png");
        await Refused(url, StorageFlows.Picture[1..], "image/png");
        await Refused(url, StorageFlows.Picture, "text/html");
        await Refused(url.Replace("beach", "bench", StringComparison.Ordinal), StorageFlows.Picture, "image/png");
        await Refused(url.Replace("X-Amz-Expires=900", "X-Amz-Expires=90000", StringComparison.Ordinal), StorageFlows.Picture, "image/png");
        await Refused(url[..^1] + (url[^1] == '0' ? '1' : '0'), StorageFlows.Picture, "image/png");
        using var read = await S3Server.Get(url);
        read.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var taken = await S3Server.Put(url, StorageFlows.Picture, "image/png");
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Links_end_when_they_say()
    {
        await using var own = new S3Server();
        await own.Start();
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.SetUpStorage(own);
        var ann = await app.CreateUser("ann@example.com");
        var (asset, announced) = (await ann.Upload(more: new { expirationHours = 1 }), (await ann.CreateAsset()).ShouldBeOk().Json);
        using var before = await S3Server.Get(asset.Text("url"));
        before.StatusCode.ShouldBe(HttpStatusCode.OK);

        await own.Stop();
        await own.Start("+61m");

        using var read = await S3Server.Get(asset.Text("url"));
        read.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await Refused(announced.Text("writeUrl"), StorageFlows.Picture, "image/png");
    }

    [Fact]
    public async Task An_application_with_a_public_bucket_can_have_links_that_never_end()
    {
        var ann = await Ann("--link-hours", "0");
        var asset = await ann.Upload();
        asset.Text("url").ShouldBe($"{s3.EndpointText}/{S3Server.Bucket}/{ann.App.Id}/{ann.Id()}/{asset.Id()}/original/beach.png");
        asset.TryGetProperty("urlExpiresAt", out _).ShouldBeFalse();
        using var read = await S3Server.Get(asset.Text("url"));
        read.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Completing_twice_and_at_once_counts_once_and_answers_the_same()
    {
        var ann = await Ann();
        var created = (await ann.CreateAsset()).ShouldBeOk().Json;
        await StorageFlows.PutAll(created);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ann.Complete(created)));
        replies.ShouldAllBe(reply => reply.Code == null);
        replies.Select(reply => reply.Json.Id() + reply.Json.Text("completedAt")).Distinct().Count().ShouldBe(1);
        (await ann.App.Totals()).ShouldBe($"{StorageFlows.Picture.Length} {StorageFlows.Picture.Length} 1 0");
        (
            await ann.App.Installation.Query<long>(
                "SELECT SUM(count) FROM audit WHERE app_id = @Id AND action = 'completeAsset' AND code = 0",
                new { ann.App.Id }
            )
        ).ShouldBe(1);
    }

    [Fact]
    [Covers(724)]
    public async Task What_is_not_there_yet_can_come_and_what_is_wrong_is_removed()
    {
        var ann = await Ann();
        var created = (await ann.CreateAsset(more: new { cuts = Cuts })).ShouldBeOk().Json;
        (await ann.Complete(created)).ShouldFailWith(724);
        using var original = await S3Server.Put(created.Text("writeUrl"), StorageFlows.Picture, "image/png");
        original.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ann.Complete(created)).ShouldFailWith(724); // the cuts are missing
        await StorageFlows.PutAll(created);
        (await ann.Complete(created)).ShouldBeOk();

        var wrong = (await ann.CreateAsset()).ShouldBeOk().Json;
        await s3.Plant($"{ann.App.Id}/{ann.Id()}/{wrong.Id()}/original/beach.png", StorageFlows.Picture); // of another type
        (await ann.Complete(wrong)).ShouldFailWith(724);
        (await ann.Post("completeAsset", new { assetId = wrong.Id() })).ShouldFailWith(721);
        await s3.WaitUntilGone($"{ann.App.Id}/{ann.Id()}/{wrong.Id()}");
    }

    [Fact]
    [Covers(721)]
    public async Task Another_users_file_another_applications_and_an_unknown_one_do_not_exist()
    {
        var ann = await Ann();
        var asset = await ann.Upload();
        var pending = (await ann.CreateAsset()).ShouldBeOk().Json;
        var bob = await ann.App.CreateUser("bob@example.com");
        var eve = await Ann();
        foreach (var stranger in new[] { bob, eve })
        {
            foreach (var id in new[] { asset.Id(), pending.Id(), Guid.Empty.ToString(), "../..", "%", "' OR 1=1 --" })
            {
                var replies = new List<string>();
                foreach (var function in new[] { "completeAsset", "refreshAsset", "removeAsset" })
                {
                    var reply = await stranger.Post(function, new { assetId = id });
                    reply.ShouldFailWith(721);
                    replies.Add(reply.Text);
                }

                (await stranger.Get($"asset?assetId={Uri.EscapeDataString(id)}")).ShouldFailWith(721);
                replies.Distinct().Count().ShouldBe(1);
            }

            (await stranger.Get("assets")).ShouldBeOk().Json.GetProperty("assets").GetArrayLength().ShouldBe(0);
        }

        (await ann.Get($"asset?assetId={asset.Id()}")).ShouldBeOk();
        (await ann.Get($"asset?assetId={pending.Id()}")).ShouldFailWith(721);
        (await ann.Complete(pending)).ShouldFailWith(724); // still hers
    }

    [Fact]
    public async Task A_removed_file_is_gone_at_once_and_its_objects_follow()
    {
        var ann = await Ann();
        var asset = await ann.Upload(more: new { cuts = Cuts });
        (await ann.Post("refreshAsset", new { assetId = asset.Id() })).ShouldBeOk().Json.Id().ShouldBe(asset.Id());
        (await ann.Post("removeAsset", new { assetId = asset.Id() })).ShouldBeTrue();
        (await ann.Post("removeAsset", new { assetId = asset.Id() })).ShouldFailWith(721);
        await s3.WaitUntilGone($"{ann.App.Id}/");
        (await ann.App.Totals()).ShouldBe("0 0 0 0");
    }

    [Fact]
    [Covers(720)]
    public async Task Without_a_bucket_or_with_storage_off_there_is_no_such_function()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        (await ann.CreateAsset()).ShouldFailWith(720);
        await app.SetUpStorage(s3);
        var asset = await ann.Upload();
        await app.SetUpStorage(s3, "--enabled", "off");
        (await ann.CreateAsset()).ShouldFailWith(720);
        (await ann.Get("assets")).ShouldFailWith(720);
        foreach (var function in new[] { "completeAsset", "refreshAsset", "removeAsset" })
        {
            (await ann.Post(function, new { assetId = asset.Id() })).ShouldFailWith(720);
        }
    }

    [Fact]
    [Covers(723)]
    public async Task Sizes_and_types_that_are_not_allowed_are_refused()
    {
        var ann = await Ann("--max-megabytes", "1", "--content-types", "image/*, application/pdf");
        (await ann.CreateAsset(size: 1024 * 1024)).ShouldBeOk();
        (await ann.CreateAsset(size: (1024 * 1024) + 1)).ShouldFailWith(723);
        (await ann.CreateAsset(more: new { cuts = """[{"name":"large","size":1048577}]""" })).ShouldFailWith(723);
        foreach (var type in new[] { "text/html", "application/pdfx", "imagex/png", "application/x-image/png" })
        {
            (await ann.CreateAsset(more: new { contentType = type })).Code.ShouldBeOneOf(602, 723);
        }

        (await ann.CreateAsset(more: new { contentType = "Application/PDF" })).ShouldBeOk();
    }

    [Theory]
    [InlineData("""{"size":0}""")]
    [InlineData("""{"size":-1}""")]
    [InlineData("""{"size":1.5}""")]
    [InlineData("""{"size":"9999999999999999999999"}""")]
    [InlineData("""{"contentType":"image/*"}""")]
    [InlineData("""{"contentType":"image/png; charset=utf-8"}""")]
    [InlineData("""{"contentType":"image/png\r\nX-Evil: 1"}""")]
    [InlineData("""{"expirationHours":169}""")]
    [InlineData("""{"cuts":"{}"}""")]
    [InlineData("""{"cuts":"[null]"}""")]
    [InlineData("""{"cuts":"[{\"name\":\"original\",\"size\":1}]"}""")]
    [InlineData("""{"cuts":"[{\"name\":\"../x\",\"size\":1}]"}""")]
    [InlineData("""{"cuts":"[{\"name\":\"small\",\"size\":0}]"}""")]
    [InlineData("""{"cuts":"[{\"name\":\"small\",\"size\":1},{\"name\":\"small\",\"size\":2}]"}""")]
    [InlineData("""{"extra":"[]"}""")]
    [InlineData("""{"extra":"{bad"}""")]
    public async Task Malformed_parameters_are_invalid_data(string more)
    {
        var ann = await Ann();
        (await ann.CreateAsset(more: System.Text.Json.JsonDocument.Parse(more).RootElement)).ShouldFailWith(602);
        (await ann.App.Installation.Query<long>("SELECT COUNT(*) FROM storage_assets WHERE app_id = @Id", new { ann.App.Id })).ShouldBe(0);
    }

    [Fact]
    [Covers(725)]
    public async Task While_the_bucket_does_not_answer_nothing_is_completed_and_nothing_lost()
    {
        await using var own = new S3Server();
        await own.Start();
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.SetUpStorage(own);
        var ann = await app.CreateUser("ann@example.com");
        var created = (await ann.CreateAsset()).ShouldBeOk().Json;
        await StorageFlows.PutAll(created);
        await own.Stop();
        (await ann.Complete(created)).ShouldFailWith(725, HttpStatusCode.ServiceUnavailable);
        await own.Start();
        (await ann.Complete(created)).ShouldBeOk();
    }

    /// <summary>Its libraries would cost every installation memory, and most have no bucket.</summary>
    [Fact]
    public async Task The_SDK_is_loaded_when_the_first_link_is_signed_and_not_before()
    {
        var server = await servers.Start();
        var app = await server.CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        (await ann.CreateAsset()).ShouldFailWith(720);
        await app.SetUpStorage(s3);
        (await ann.Get("assets")).ShouldBeOk();
        server.HasLoaded("AWSSDK").ShouldBeFalse();
        (await ann.CreateAsset()).ShouldBeOk();
        server.HasLoaded("AWSSDK").ShouldBeTrue();
    }

    [Fact]
    public async Task Ten_thousand_files_are_listed_page_by_page_each_once_newest_first()
    {
        const int count = 10_000;
        var ann = await Ann();
        await ann.App.Installation.Execute(
            """
            INSERT INTO storage_assets (app_id, id, user_id, path, content_type, size, cuts, bytes, folder, name, caption, extra, link_hours,
              upload_until, created_at, completed_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @count)
            SELECT @Id, 'asset-' || (100000 + i), @user, 'a.png', 'image/png', 1, '[]', 1, 'f', 'a.png', '', '', 24, 1, 1, 1 FROM n
            """,
            new
            {
                ann.App.Id,
                user = ann.Id(),
                count,
            }
        );
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = (await ann.Get($"assets?limit=1000&cursor={cursor}")).ShouldBeOk().Json;
            page.GetProperty("assets").GetArrayLength().ShouldBe(50);
            seen.AddRange(page.GetProperty("assets").EnumerateArray().Select(asset => asset.Id()));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString()! : "";
        } while (cursor.Length > 0);

        seen.ShouldBe(Enumerable.Range(1, count).Reverse().Select(i => $"asset-{100_000 + i}"));
        (await ann.Get("assets?cursor=zz&limit=1")).ShouldBeOk().Json.GetProperty("assets")[0].Id().ShouldBe(seen[0]);
    }

    private static async Task Refused(string url, byte[] content, string contentType)
    {
        using var put = await S3Server.Put(url, content, contentType);
        put.StatusCode.ShouldBe(HttpStatusCode.Forbidden, await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<LoggedInUser> Ann(params string[] options)
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.SetUpStorage(s3, options);
        return await app.CreateUser("ann@example.com");
    }
}
