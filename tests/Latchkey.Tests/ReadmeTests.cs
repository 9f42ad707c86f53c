using System.Text.RegularExpressions;

namespace Latchkey.Tests;

/// <summary>Everything that the README tells a newcomer to type works as it stands.</summary>
public sealed partial class ReadmeTests(ServerFixture servers)
{
    private const string Written = "http://127.0.0.1:5400";

    [Fact]
    public async Task The_tour_works_as_written()
    {
        var blocks = Blocks()
            .Matches(await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.Root, "README.md"), TestContext.Current.CancellationToken))
            .Select(block => block.Groups["shell"].Value)
            .ToList();
        blocks[0].Trim().ShouldBe("./latchkey serve");
        var server = servers.Main;
        var folder = Directory.CreateTempSubdirectory("latchkey-tour-").FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "latchkey"), Path.Combine(RepositoryPaths.Root, "latchkey"));
        var script = Path.Combine(folder, "tour.sh");
        var tour = string.Join('\n', blocks.Skip(1));
        tour.ShouldContain(Written);
        await File.WriteAllTextAsync(
            script,
            $"set -euo pipefail\ncd {folder}\n{tour.Replace(Written, server.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)}",
            TestContext.Current.CancellationToken
        );

        await using var shell = ChildProcess.Start(
            "bash",
            [script],
            [("LATCHKEY_DATA", server.Installation.DataFolder), ("LATCHKEY_DATABASE", server.Installation.DatabaseConnection)]
        );
        await shell.WaitForExit();

        var printed = string.Join('\n', shell.Lines);
        shell.ExitCode.ShouldBe(0, printed);
        printed.ShouldContain("\"CosyncJWTVersion\"");
        printed.ShouldContain("is your code for Demo");
        printed.ShouldContain("\"handle\": \"carl@example.com\"");
        printed.ShouldContain("Verified OK");
        printed.ShouldContain("'sub': 'carl@example.com'");
        printed.ShouldContain("user_data.name");
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex("^```sh\n(?<shell>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocks();
}
