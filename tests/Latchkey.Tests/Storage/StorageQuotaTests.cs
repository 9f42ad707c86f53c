namespace Latchkey.Tests.Storage;

/// <summary>Quotas count announced bytes, exactly, also when many files are announced at once.</summary>
public sealed class StorageQuotaTests(ServerFixture servers, S3Server s3) : IClassFixture<S3Server>
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    [Covers(722)]
    public async Task A_user_gets_exactly_the_quota_however_many_calls_come_at_once()
    {
        var app = await App("--user-megabytes", "10");
        var (ann, bob) = (await app.CreateUser("ann@example.com"), await app.CreateUser("bob@example.com"));
        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ann.CreateAsset(size: Megabyte)));
        replies.Count(reply => reply.Code is null).ShouldBe(10);
        replies.Count(reply => reply.Code == 722).ShouldBe(30);
        (await app.Totals()).ShouldBe($"{10 * Megabyte} 0 10 10");
        (await ann.CreateAsset(size: 1)).ShouldFailWith(722);
        (await bob.CreateAsset(size: Megabyte)).ShouldBeOk();

        var removed = replies.First(reply => reply.Code is null).Json;
        (await ann.Post("removeAsset", new { assetId = removed.Id() })).ShouldBeTrue();
        (await ann.CreateAsset(size: Megabyte + 1)).ShouldFailWith(722);
        (await ann.CreateAsset(size: Megabyte)).ShouldBeOk();
    }

    [Fact]
    public async Task The_application_gets_exactly_its_quota_over_all_users()
    {
        var app = await App("--app-megabytes", "8");
        var users = new List<LoggedInUser>();
        for (var i = 0; i < 4; i++)
        {
            users.Add(await app.CreateUser($"user{i}@example.com"));
        }

        var replies = await Task.WhenAll(users.SelectMany(user => Enumerable.Range(0, 5).Select(_ => user.CreateAsset(size: Megabyte))));
        replies.Count(reply => reply.Code is null).ShouldBe(8);
        replies.Where(reply => reply.Code is not null).ShouldAllBe(reply => reply.Code == 722);
        (await app.Totals()).ShouldBe($"{8 * Megabyte} 0 8 8");
        (await app.Installation.Query<long>("SELECT SUM(bytes) FROM storage_usage WHERE app_id = @Id", new { app.Id })).ShouldBe(
            8 * Megabyte
        );
    }

    [Fact]
    public async Task A_cut_counts_like_the_original_and_a_file_over_the_quota_never_fits()
    {
        var app = await App("--user-megabytes", "2");
        var ann = await app.CreateUser("ann@example.com");
        (await ann.CreateAsset(size: (2 * Megabyte) + 1)).ShouldFailWith(722);
        (await ann.CreateAsset(size: Megabyte, more: new { cuts = $$"""[{"name":"large","size":{{Megabyte + 1}}}]""" })).ShouldFailWith(
            722
        );
        (await ann.CreateAsset(size: Megabyte, more: new { cuts = $$"""[{"name":"large","size":{{Megabyte}}}]""" })).ShouldBeOk();
    }

    [Fact]
    public async Task A_hundred_files_of_a_user_may_wait_for_their_upload()
    {
        var app = await App();
        var ann = await app.CreateUser("ann@example.com");
        await ann.Upload();
        var replies = await Task.WhenAll(Enumerable.Range(0, 110).Select(_ => ann.CreateAsset()));
        replies.Count(reply => reply.Code is null).ShouldBe(100);
        replies.Where(reply => reply.Code is not null).ShouldAllBe(reply => reply.Code == 722);
    }

    private async Task<App> App(params string[] options)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.SetUpStorage(s3, options);
        return app;
    }
}
