using System.Text.RegularExpressions;
using Latchkey.Tests.Operations.UserTransfer;

namespace Latchkey.Tests;

/// <summary>What docs/import.md tells an operator to type is there and works.</summary>
public sealed partial class ImportGuideTests(ServerFixture servers)
{
    private static readonly string Text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "import.md"));

    public static TheoryData<string> Recipes => [.. Recipe().Matches(Text).Select(recipe => recipe.Groups["command"].Value)];

    [Fact]
    public void Every_command_and_option_it_names_exists()
    {
        GuideCommands.Mentions(Text).Count.ShouldBeGreaterThan(15);
        GuideCommands.Unknown(Text).ShouldBeEmpty();
    }

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
        var example = Fenced().Matches(Text).First(block => block.Groups["language"].Value == language).Groups["text"].Value;
        (await app.Import($"example.{language}", example)).ShouldSucceed();
        (
            await app.Installation.Query<string>("SELECT user_name FROM users WHERE app_id = @Id AND user_name IS NOT NULL", new { app.Id })
        ).ShouldBe("ann");
    }

    [Fact]
    public async Task Its_commands_for_import_and_export_work_in_their_order()
    {
        var app = await servers.Main.CreateApp();
        var commands = string.Join(
            '\n',
            Fenced().Matches(Text).Where(block => block.Groups["language"].Value == "sh").Select(block => block.Groups["text"].Value)
        );
        commands = string.Join('\n', commands.Split('\n').Where(line => line.Contains("latchkey user")));
        commands.ShouldContain("--with-secrets");
        (await Run(app, $"{commands}\ncat all.jsonl")).ShouldContain("\"handle\":\"ann@example.com\"");
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
        "^```(?<language>[a-z]+)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Fenced();

    [GeneratedRegex(
        @"`(?<command>latchkey user import APPID [a-z0-9-]+\.(csv|json|ndjson)[^`]*)` \|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Recipe();
}
