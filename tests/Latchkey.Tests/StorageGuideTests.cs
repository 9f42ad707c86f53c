using System.Text;

namespace Latchkey.Tests;

/// <summary>What docs/storage.md tells people to type works, in its order.</summary>
public sealed class StorageGuideTests(ServerFixture servers, S3Server s3) : IClassFixture<S3Server>
{
    [Fact]
    public async Task Its_commands_work_in_their_order()
    {
        var guide = MarkdownDocument.Read("docs/storage.md");
        var app = await servers.Main.CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        var folder = Directory.CreateTempSubdirectory("latchkey-guide-").FullName;
        await File.WriteAllBytesAsync(
            Path.Combine(folder, "beach.png"),
            Encoding.ASCII.GetBytes("a picture"),
            TestContext.Current.CancellationToken
        );
        var printed = await ChildProcess.Run(
            "bash",
            [
                "-c",
                $"set -euo pipefail; cd '{folder}'; latchkey() {{ '{RepositoryPaths.Program}' \"$@\"; }}\n"
                    + string.Join('\n', guide.Blocks("sh")).Replace("APPID", app.Id).Replace("users-files", S3Server.Bucket),
            ],
            [
                ("LATCHKEY_DATA", app.Installation.DataFolder),
                ("LATCHKEY_DATABASE", app.Installation.DatabaseConnection),
                ("LATCHKEY_OUTBOUND_NETWORKS", TestInstallation.StubNetworks),
                ("SERVER_URL", app.Server.Address.GetLeftPart(UriPartial.Authority)),
                ("ACCESS_TOKEN", ann.AccessToken),
                ("S3_ENDPOINT", s3.EndpointText),
                ("S3_KEY_ID", S3Server.Key),
                ("S3_SECRET", S3Server.Key),
            ]
        );
        Directory.Delete(folder, recursive: true);
        printed.ShouldContain("CORS: works");
        printed.ShouldContain("true");
        printed.ShouldContain("0 findings");
        guide.Blocks("sh").Count().ShouldBe(5);
    }
}
