using System.Net;
using System.Text.RegularExpressions;

namespace Latchkey.Tests.Core;

/// <summary>Stylesheets, scripts and pictures come out of the program itself, with the headers that let browsers keep them.</summary>
public sealed partial class EmbeddedAssetTests(ServerFixture servers)
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "src", "Latchkey", "wwwroot");

    public static TheoryData<string> Files { get; } =
        new(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_file_is_served_as_it_is_and_is_asked_for_again(string file)
    {
        var reply = await servers.Main.Get($"/{file}");
        reply.ShouldBeOk().Text.ShouldBe(await File.ReadAllTextAsync(Path.Combine(Folder, file)));
        reply.Header("Cache-Control").ShouldBe("no-cache");
        reply.Header("Vary").ShouldBe("Accept-Encoding");
        var again = await servers.Main.Get($"/{file}", ("If-None-Match", reply.Header("ETag").ShouldNotBeNull()));
        again.Status.ShouldBe(HttpStatusCode.NotModified);
        again.Text.ShouldBeEmpty();
        (await servers.Main.Get($"/{file}", ("If-None-Match", "\"older\""))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Pages_name_versioned_paths_which_browsers_keep_for_a_year()
    {
        var page = await servers.Main.Get("/portal/sign-in");
        var paths = AssetPaths().Matches(page.Text).Select(match => match.Groups["path"].Value).ToList();
        paths.Count.ShouldBe(5);
        foreach (var path in paths)
        {
            var reply = await servers.Main.Get(path);
            reply.ShouldBeOk().Header("Cache-Control").ShouldBe("max-age=31536000, immutable");
            reply.Text.ShouldBe(await File.ReadAllTextAsync(Path.Combine(Folder, Version().Replace(path[1..], ""))));
        }
    }

    [Fact]
    public async Task A_reader_that_accepts_Brotli_gets_less_and_another_tag()
    {
        const string Path = "/css/portal.css";
        var plain = await servers.Main.Get(Path);
        plain.Header("Content-Encoding").ShouldBeNull();
        (await servers.Main.Get(Path, ("Accept-Encoding", "br;q=0"))).Header("Content-Encoding").ShouldBeNull();

        using var request = servers.Main.Request(HttpMethod.Get, Path, ("Accept-Encoding", "gzip, br"));
        using var reply = await Clients.ForAddress("127.0.0.1").SendAsync(request, TestContext.Current.CancellationToken);
        reply.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        reply.Headers.ETag.ShouldNotBeNull().Tag.ShouldNotBe(plain.Header("ETag"));
        await using var body = await reply.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var text = new StreamReader(new System.IO.Compression.BrotliStream(body, System.IO.Compression.CompressionMode.Decompress));
        (await text.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe(plain.Text);
        reply.Content.Headers.ContentLength.ShouldNotBeNull().ShouldBeLessThan(plain.Text.Length / 2);
    }

    [GeneratedRegex("(href|src)=\"(?<path>/(css|img|js)/[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AssetPaths();

    [GeneratedRegex("\\.[0-9a-f]{10}(?=\\.)", RegexOptions.None, 1000)]
    private static partial Regex Version();
}
