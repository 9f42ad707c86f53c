using System.Text.RegularExpressions;
using Latchkey.Tests.Operations.CosyncMigration;
using Latchkey.Tests.Operations.UserTransfer;

namespace Latchkey.Tests;

/// <summary>What docs/import.md tells an operator to type is there and works.</summary>
public sealed partial class ImportGuideTests(ServerFixture servers)
{
    private static readonly MarkdownDocument Guide = MarkdownDocument.Read("docs/import.md");

    public static TheoryData<string> Recipes => [.. Recipe().Matches(Guide.Text).Select(recipe => recipe.Groups["command"].Value)];

    [Theory]
    [MemberData(nameof(Recipes))]
    public async Task Its_recipe_for_another_system_imports_that_systems_users(string command)
    {
        var app = await servers.Main.CreateApp("userNamesEnabled=1");
        var printed = await Run(app, command);
        printed.ShouldMatch("[1-9][0-9]* added");
        (await app.Users()).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task Its_examples_are_imported(string language)
    {
        var app = await servers.Main.CreateApp("userNamesEnabled=1");
        var example = Guide.Blocks(language).First();
        (await app.Import($"example.{language}", example)).ShouldSucceed();
        (
            await app.Installation.Query<string>("SELECT user_name FROM users WHERE app_id = @Id AND user_name IS NOT NULL", new { app.Id })
        ).ShouldBe("ann");
    }

    [Fact]
    public async Task Its_commands_work_in_their_order()
    {
        using var open = new CosyncServerFixture();
        using var encrypted = new CosyncServerFixture { EncryptionKey = "an old server's text" };
        open.AddUser("una@example.com", "her password");
        encrypted.AddUser("kim@example.com", "kims password");
        var app = await servers.Main.CreateApp();
        var (ofUsers, ofOldServers) = (
            Guide.Blocks("sh").Where(block => block.StartsWith("latchkey user", StringComparison.Ordinal)),
            Guide.Blocks("sh").Where(block => block.StartsWith("latchkey app", StringComparison.Ordinal)).ToList()
        );
        ofOldServers.Count.ShouldBe(2);

        var printed = await Run(
            app,
            $"""
            cp -r '{open.Collections()}' export; cp '{open.PublicKeyFile}' old-server.pem; cp '{encrypted.PortalExport()}' export.zip
            printf %s "{encrypted.EncryptionKey}" > old.key
            {string.Join('\n', ofUsers)}
            {string.Join('\n', ofOldServers).Replace("APPID", encrypted.AppId, StringComparison.Ordinal)}
            cat all.jsonl
            """
        );

        printed.ShouldContain("\"handle\":\"ann@example.com\"");
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM users WHERE app_id IN (@Open, @Encrypted)",
                new { Open = open.AppId, Encrypted = encrypted.AppId }
            )
        ).ShouldBe(2);
        Guide.Blocks("sh").Count().ShouldBe(ofUsers.Count() + ofOldServers.Count);
    }

    /// <summary>Runs commands in a folder with the samples of other systems.</summary>
    private static async Task<string> Run(App app, string commands)
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-guide-").FullName;
        foreach (var sample in Directory.GetFiles(TransferFiles.Sample("")))
        {
            File.Copy(sample, Path.Combine(folder, Path.GetFileName(sample)));
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "users.csv"), "handle\nann@example.com\n");
        var printed = await ChildProcess.Run(
            "bash",
            "-c",
            $"set -euo pipefail; cd '{folder}'; export LATCHKEY_DATA='{app.Installation.DataFolder}' "
                + $"LATCHKEY_DATABASE='{app.Installation.DatabaseConnection}'; latchkey() {{ '{RepositoryPaths.Program}' \"$@\"; }}; "
                + commands.Replace("APPID", app.Id)
        );
        Directory.Delete(folder, recursive: true);
        return printed;
    }

    [GeneratedRegex(
        @"`(?<command>latchkey user import APPID [a-z0-9-]+\.(csv|json|ndjson)[^`]*)` \|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Recipe();
}
