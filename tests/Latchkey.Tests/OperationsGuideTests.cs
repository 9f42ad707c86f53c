using System.Text.RegularExpressions;

namespace Latchkey.Tests;

/// <summary>What docs/operations.md tells an operator to type is there and works.</summary>
public sealed partial class OperationsGuideTests(ServerFixture servers)
{
    private static readonly MarkdownDocument Guide = MarkdownDocument.Read("docs/operations.md");

    [Fact]
    public async Task The_command_beside_the_service_uses_the_data_and_the_settings_of_the_service()
    {
        const string Program = "runuser -u latchkey -- /opt/latchkey/latchkey";
        const string Variables = "/etc/latchkey.env";
        var folder = Directory.CreateTempSubdirectory("latchkey-guide-").FullName;
        var variables = Path.Combine(folder, "latchkey.env");
        await File.WriteAllTextAsync(variables, "LATCHKEY_PEPPER='a $pepper'\n");
        var command = await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.Root, "deploy", "latchkey.sh"));
        command.ShouldContain($"{Program} \"$@\"");
        command.ShouldContain($". {Variables}");
        var script = Path.Combine(folder, "latchkey.sh");
        await File.WriteAllTextAsync(script, command.Replace(Program, "env", StringComparison.Ordinal).Replace(Variables, variables));
        var environment = await ChildProcess.Run("env", "-u", "LATCHKEY_DATA", "sh", script);
        environment.ShouldContain("LATCHKEY_DATA=/var/lib/latchkey\n");
        environment.ShouldContain("LATCHKEY_PEPPER=a $pepper\n");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Its_shell_commands_work_in_their_order_beside_a_running_server()
    {
        var server = await servers.Start();
        var app = await server.CreateApp("signupFlow=none");
        await app.CreateUser("una@example.com");
        var folder = Directory.CreateTempSubdirectory("latchkey-guide-").FullName;
        var (target, moved) = (await servers.NewInstallation(), await servers.NewInstallation());
        var commands = string.Join('\n', Guide.Blocks("sh")).Replace("/backups/", $"{folder}/", StringComparison.Ordinal);
        commands.ShouldContain("latchkey doctor");
        commands.ShouldContain("latchkey keyring rotate --to");
        commands.ShouldContain("restore move.zip");
        commands = MoveTo().Replace(commands, $"--database '{moved.DatabaseConnection}'");
        var script = Path.Combine(folder, "guide.sh");
        // The backup goes back into a database of its own, with the keys it was made with.
        await File.WriteAllTextAsync(
            script,
            $"set -euo pipefail\ncd {folder}\nlatchkey() ( {(Engine.IsPostgres ? "if [ \"$1\" = restore ]; then export LATCHKEY_DATABASE=$RESTORE_TO; fi; " : "if [ \"$1\" = restore ]; then unset LATCHKEY_DATABASE; fi; ")}{RepositoryPaths.Program} \"$@\" )\n{commands}"
        );

        await using var shell = ChildProcess.Start(
            "bash",
            [script],
            [
                ("LATCHKEY_DATA", server.Installation.DataFolder),
                ("LATCHKEY_DATABASE", server.Installation.DatabaseConnection),
                ("LATCHKEY_LISTEN", server.Address.GetLeftPart(UriPartial.Authority)),
                ("LATCHKEY_KEYS", Path.Combine(server.Installation.DataFolder, "keys")),
                ("RESTORE_TO", target.DatabaseConnection),
            ]
        );
        await shell.WaitForExit();

        var printed = string.Join('\n', shell.Lines);
        shell.ExitCode.ShouldBe(0, printed);
        printed.ShouldContain("Wrote ");
        shell.Lines.Count(line => line.StartsWith("Restored ", StringComparison.Ordinal)).ShouldBe(2);
        Directory.GetFiles(Path.Combine(folder, "new-key"), "*.key").Length.ShouldBe(1);
        await using var there = TestInstallation.Attach(moved.DatabaseConnection, server.Installation.DataFolder);
        (await there.Query<string>("SELECT handle FROM users")).ShouldBe("una@example.com");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Its_indexes_for_the_search_of_users_are_those_of_the_schema()
    {
        Assert.SkipUnless(Engine.IsPostgres, "for PostgreSQL");
        const string Indexes = "SELECT string_agg(indexdef, ';' ORDER BY indexname) FROM pg_indexes WHERE indexname LIKE 'users_search_%'";
        var installation = await servers.NewInstallation();
        (await installation.Run("migrate")).ShouldSucceed();
        var before = await installation.Query<string>(Indexes);
        await installation.Execute("DROP EXTENSION pg_trgm CASCADE");
        (await installation.Query<string>(Indexes)).ShouldBeNull();
        await ChildProcess.Run(
            "psql",
            [
                "-v",
                "ON_ERROR_STOP=1",
                .. Guide
                    .Blocks("sql")
                    .Single()
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .SelectMany(statement => new[] { "-c", statement }),
                installation.DatabaseConnection,
            ]
        );
        (await installation.Query<string>(Indexes)).ShouldBe(before);
    }

    [Fact]
    public async Task What_it_copies_for_a_service_starts_and_its_commands_have_the_settings_of_the_service()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a service is installed by root");
        var installation = await servers.NewInstallation();
        (await installation.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        var folder = Directory.CreateTempSubdirectory("latchkey-service-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "latchkey.env"),
            $"LATCHKEY_DATABASE='{installation.DatabaseConnection}'\nLATCHKEY_DATA='{installation.DataFolder}'\nLATCHKEY_PEPPER='two words & $more'\n"
        );
        var commands = Guide.Blocks("console").Single(block => block.StartsWith("scripts/build", StringComparison.Ordinal));
        commands = commands
            .Replace("sudo ", "")
            .Replace("/opt/latchkey", $"{folder}/opt")
            .Replace("/usr/local/bin/latchkey", $"{folder}/latchkey");
        commands.ShouldNotContain(" /opt");
        var script =
            $"set -euo pipefail\ncd {RepositoryPaths.Root}\n{commands}\n{folder}/opt/latchkey version\nsed -i "
            + $"'s#/opt/latchkey/#{folder}/opt/#; s#/etc/latchkey.env#{folder}/latchkey.env#; s#-u latchkey#-u root#' "
            + $"{folder}/latchkey\n{folder}/latchkey app list";

        var printed = await ChildProcess.Run("bash", "-c", script);

        printed.ShouldContain(await ChildProcess.Run(RepositoryPaths.Program, "version"));
        printed.ShouldContain("Demo");
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex("--database 'postgres://[^']*'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MoveTo();
}
