using System.Text.Json;
using System.Text.RegularExpressions;

namespace Latchkey.Tests.Storage;

/// <summary>The names that apps give to files: those that could mean something else to a file system, a bucket or a page.</summary>
public sealed partial class AssetNameTests(ServerFixture servers, S3Server s3) : IClassFixture<S3Server>
{
    private static readonly string TestFile = Path.Combine(RepositoryPaths.TestData, "storage", "file-names.json");

    [Fact]
    public async Task Two_hundred_names_that_lead_elsewhere_or_hide_something_are_refused()
    {
        var names = Read("refused");
        names.Count.ShouldBeGreaterThanOrEqualTo(200);
        names.ShouldBeUnique();
        var ann = await Ann();
        foreach (var name in names)
        {
            var reply = await ann.CreateAsset(name);
            reply.Code.ShouldBe(name.Length == 0 ? 403 : 602, JsonSerializer.Serialize(name));
        }

        (await ann.App.Installation.Query<long>("SELECT COUNT(*) FROM storage_assets WHERE app_id = @Id", new { ann.App.Id })).ShouldBe(0);
    }

    [Fact]
    public async Task A_name_of_which_nothing_is_left_has_a_key_of_its_own()
    {
        var created = (await (await Ann()).CreateAsset($"a{new string('.', 120)}")).ShouldBeOk().Json;
        new Uri(created.Text("writeUrl")).AbsolutePath.ShouldEndWith("/original/file");
    }

    [Fact]
    public async Task Names_of_people_and_languages_are_kept_and_their_keys_are_plain()
    {
        var names = Read("taken");
        names.Count.ShouldBeGreaterThan(20);
        var ann = await Ann();
        foreach (var name in names)
        {
            var asset = await ann.Upload(name);
            asset.Text("path").ShouldBe(name.Normalize());
            using var read = await S3Server.Get(asset.Text("url"));
            read.IsSuccessStatusCode.ShouldBeTrue(name);
        }

        var keys = s3.Keys.Where(key => key.StartsWith($"{ann.App.Id}/", StringComparison.Ordinal)).ToList();
        keys.Count.ShouldBe(names.Count);
        keys.ShouldAllBe(key => PlainKey().IsMatch(key));
        keys.ShouldAllBe(key => key.StartsWith($"{ann.App.Id}/{ann.Id()}/"));
    }

    private static IReadOnlyList<string> Read(string list) =>
        [
            .. JsonDocument
                .Parse(File.ReadAllText(TestFile))
                .RootElement.GetProperty(list)
                .EnumerateArray()
                .Select(name => name.GetString()!),
        ];

    private async Task<LoggedInUser> Ann()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.SetUpStorage(s3);
        return await app.CreateUser("ann@example.com");
    }

    [GeneratedRegex(@"^[0-9a-zA-Z]+/[0-9a-f-]{36}/[0-9a-f-]{36}/original/[A-Za-z0-9._-]{1,100}$")]
    private static partial Regex PlainKey();
}
