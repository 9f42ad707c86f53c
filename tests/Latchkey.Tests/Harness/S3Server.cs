namespace Latchkey.Tests.Harness;

/// <summary>
/// An S3-compatible server that is not ours: s3rver of npm, with one bucket, in a folder of its own. The signature of every request that
/// has one is checked by aws4 of npm, because s3rver leaves those of version 4 unchecked.
/// </summary>
public sealed class S3Server : IAsyncLifetime
{
    public const string Bucket = "users-files";
    public const string Key = "S3RVER"; // the one account that s3rver has, and its secret

    /// <summary>The origin that the bucket's CORS rules allow.</summary>
    public const string WebApp = "https://app.example.com";

    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
    private const string Suffix = "._S3rver_object";

    private static readonly string Packages = Path.Combine(RepositoryPaths.Root, ".build", "npm", "node_modules");
    private static readonly HttpClient Http = new();

    private readonly string folder = Directory.CreateTempSubdirectory("latchkey-s3-").FullName;
    private ChildProcess? process;

    public Uri Endpoint { get; } = new($"http://127.0.0.1:{FreePort.Find()}");

    public string EndpointText => Endpoint.GetLeftPart(UriPartial.Authority);

    /// <summary>The keys of all objects, in order.</summary>
    public IReadOnlyList<string> Keys =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(folder, Bucket), $"*{Suffix}", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Path.Combine(folder, Bucket), file)[..^Suffix.Length])
                .Order(StringComparer.Ordinal),
        ];

    public async ValueTask InitializeAsync() => await Start();

    /// <param name="clock">How far its clock is ahead, in libfaketime's words, as in +8d.</param>
    public async Task Start(string clock = "+0d")
    {
        var cors = Path.Combine(folder, "cors.xml");
        await File.WriteAllTextAsync(
            cors,
            $"""
            <CORSConfiguration><CORSRule>
              <AllowedOrigin>{WebApp}</AllowedOrigin>
              <AllowedMethod>PUT</AllowedMethod><AllowedMethod>GET</AllowedMethod>
              <AllowedHeader>*</AllowedHeader>
            </CORSRule></CORSConfiguration>
            """
        );
        process = ChildProcess.Start(
            "node",
            [Path.Combine(AppContext.BaseDirectory, "s3_server.js"), folder, $"{Endpoint.Port}", Bucket, cors],
            clock == "+0d" ? [("NODE_PATH", Packages)] : [("NODE_PATH", Packages), ("LD_PRELOAD", FakeTime), ("FAKETIME", clock)]
        );
        await WaitUntil.IsTrue("the S3 server answers", Answers);
    }

    /// <summary>Ends the server; what it stores stays.</summary>
    public async Task Stop()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }
    }

    /// <summary>Puts an object into the bucket behind everybody's back.</summary>
    public async Task Plant(string key, byte[] content)
    {
        var path = Path.Combine(folder, Bucket, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path + Suffix, content);
        await File.WriteAllTextAsync($"{path}._S3rver_metadata.json", """{"content-type":"text/plain"}""");
#pragma warning disable CA5351 // what the server keeps beside an object
        await File.WriteAllTextAsync(
            $"{path}._S3rver_object.md5",
            Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(content))
        );
#pragma warning restore CA5351
    }

    /// <summary>Takes an object out of the bucket behind everybody's back.</summary>
    public void Lose(string key) => File.Delete(Path.Combine(folder, Bucket, key) + Suffix);

    public static async Task<HttpResponseMessage> Put(string url, byte[] content, string contentType)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue(contentType);
        return await Http.PutAsync(new Uri(url), body);
    }

    public static Task<HttpResponseMessage> Get(string url) => Http.GetAsync(new Uri(url));

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> Answers()
    {
        try
        {
            using var response = await Http.GetAsync(Endpoint);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
