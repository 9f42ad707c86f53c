using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Latchkey.Tests.Storage;

/// <summary>An application's bucket, and the way of a file into it.</summary>
internal static class StorageFlows
{
    public static readonly byte[] Picture = Encoding.ASCII.GetBytes("a picture, as far as anyone here can tell");

    /// <summary>Gives an application the bucket of an S3 server.</summary>
    /// <param name="options">Further options of <c>latchkey storage set</c>.</param>
    public static async Task SetUpStorage(this App app, S3Server s3, params string[] options) =>
        (await app.SetStorage(s3, S3Server.Key, options)).ShouldSucceed();

    public static Task<CommandResult> SetStorage(this App app, S3Server s3, string secret, params string[] options) =>
        app.RunStorage(
            secret,
            [
                "set",
                app.Id,
                "--endpoint",
                s3.EndpointText,
                "--bucket",
                S3Server.Bucket,
                "--key-id",
                S3Server.Key,
                "--path-style",
                "on",
                "--secret-stdin",
                .. options,
            ]
        );

    /// <summary>Runs <c>latchkey storage …</c> as a process: it may reach this machine, as the server under test may.</summary>
    public static async Task<CommandResult> RunStorage(this App app, string input, params string[] arguments)
    {
        var (folder, installation) = (Directory.CreateTempSubdirectory("latchkey-command-").FullName, app.Installation);
        await File.WriteAllTextAsync(Path.Combine(folder, "in"), input);
        await using var command = ChildProcess.Start(
            "bash",
            [
                "-c",
                $"\"$0\" \"$@\" < '{folder}/in' > '{folder}/out' 2> '{folder}/err'",
                RepositoryPaths.Program,
                "storage",
                .. arguments,
                "--data",
                installation.DataFolder,
                "--database",
                installation.DatabaseConnection,
            ],
            [("LATCHKEY_OUTBOUND_NETWORKS", TestInstallation.StubNetworks)]
        );
        await command.WaitForExit();
        var (output, error) = (
            await File.ReadAllTextAsync(Path.Combine(folder, "out")),
            await File.ReadAllTextAsync(Path.Combine(folder, "err"))
        );
        Directory.Delete(folder, recursive: true);
        return new CommandResult(command.ExitCode, output, error);
    }

    public static Task<Reply> CreateAsset(this LoggedInUser user, string path = "beach.png", long? size = null, object? more = null)
    {
        var body = new Dictionary<string, object>
        {
            ["path"] = path,
            ["contentType"] = "image/png",
            ["size"] = size ?? Picture.Length,
        };
        foreach (var field in JsonSerializer.SerializeToElement(more ?? new { }).EnumerateObject())
        {
            body[field.Name] = field.Value;
        }

        return user.Post("createAsset", body);
    }

    /// <summary>Announces a file, uploads it, and completes it. Gives the completed asset.</summary>
    public static async Task<JsonElement> Upload(this LoggedInUser user, string path = "beach.png", object? more = null)
    {
        var created = (await user.CreateAsset(path, more: more)).ShouldBeOk().Json;
        await PutAll(created);
        return (await user.Complete(created)).ShouldBeOk().Json;
    }

    /// <summary>Uploads the original and the cuts, each as long as announced.</summary>
    public static async Task PutAll(JsonElement created)
    {
        foreach (var one in created.GetProperty("cuts").EnumerateArray().Prepend(created))
        {
            var content = one.GetProperty("size").GetInt64() == Picture.Length ? Picture : new byte[one.GetProperty("size").GetInt64()];
            using var put = await S3Server.Put(one.GetProperty("writeUrl").GetString()!, content, "image/png");
            put.IsSuccessStatusCode.ShouldBeTrue(await put.Content.ReadAsStringAsync());
        }
    }

    public static Task<Reply> Complete(this LoggedInUser user, JsonElement asset) =>
        user.Post("completeAsset", new { assetId = asset.Id() });

    public static string Id(this JsonElement asset) => asset.GetProperty("id").GetString()!;

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>Until the worker has removed the objects that begin with a prefix.</summary>
    public static Task WaitUntilGone(this S3Server s3, string prefix) =>
        WaitUntil.IsTrue(
            $"the objects of {prefix} are gone",
            () => Task.FromResult(s3.Keys.All(key => !key.StartsWith(prefix, StringComparison.Ordinal)))
        );

    public static async Task<JsonElement> Check(this App app, int exitCode = 0)
    {
        var run = await app.RunStorage("", "check", "--app", app.Id, "--json");
        run.ExitCode.ShouldBe(exitCode, run.Error);
        return run.Json.EnumerateArray().Single();
    }

    /// <summary>Answers one request as an endpoint that is no bucket.</summary>
    /// <param name="status">The status, and further header lines after it.</param>
    public static async Task Answer(NetworkStream stream, string status, string body)
    {
        var read = new byte[64 * 1024];
        _ = await stream.ReadAsync(read);
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}")
        );
    }

    /// <summary>Takes a request and never answers.</summary>
    public static async Task Hang(NetworkStream stream)
    {
        var read = new byte[1024];
        while (await stream.ReadAsync(read) > 0)
        {
            // until the other side gives up
        }
    }

    /// <summary>Bytes, stored bytes, files, and files not completed, as counted for the application.</summary>
    public static Task<string> Totals(this App app) =>
        app.Installation.Query<string>(
            "SELECT bytes || ' ' || stored_bytes || ' ' || files || ' ' || pending FROM storage_totals WHERE app_id = @Id",
            new { app.Id }
        );
}
