using System.Text.Json.Nodes;
using Latchkey.Data;

namespace Latchkey.Tests.Harness;

/// <summary>
/// A copy of the program with further migrations, as a later release has them: it upgrades the schema of this one. The tests of upgrades
/// need it, because the first release has one migration only.
/// </summary>
public sealed class NextRelease : IAsyncDisposable
{
    /// <summary>So many migrations more than the program has.</summary>
    public const int Further = 14;

    private readonly string folder = Directory.CreateTempSubdirectory("latchkey-next-").FullName;

    private NextRelease() { }

    /// <summary>The schema version of the program under test.</summary>
    public static int Current { get; } = Migrator.NewestVersion(Engine.IsPostgres ? "postgres" : "sqlite");

    /// <summary>The schema version of the later release.</summary>
    public static int Newest { get; } = Current + Further;

    public string Program => Path.Combine(folder, "program", "latchkey");

    public static async Task<NextRelease> Make()
    {
        var next = new NextRelease();
        await ChildProcess.Run("cp", "-a", Path.Combine(RepositoryPaths.Root, ".build", "latchkey"), Path.Combine(next.folder, "program"));
        var migrations = Path.Combine(next.folder, "migrations");
        foreach (var engine in new[] { "sqlite", "postgres" })
        {
            Directory.CreateDirectory(Path.Combine(migrations, engine));
            for (var version = Current + 1; version <= Newest; version++)
            {
                await File.WriteAllTextAsync(Path.Combine(migrations, engine, $"{version:0000}_further.sql"), Migration(version));
            }
        }

        var file = Path.Combine(next.folder, "program", "latchkey.runtimeconfig.json");
        if (JsonNode.Parse(await File.ReadAllTextAsync(file))?["runtimeOptions"]?["configProperties"] is not JsonObject properties)
        {
            throw new InvalidDataException($"{file} has no properties");
        }

        properties[Migrator.FurtherMigrations] = migrations;
        await File.WriteAllTextAsync(file, properties.Root.ToJsonString());
        return next;
    }

    /// <summary>Runs a command of the later release on an installation.</summary>
    public async Task<CommandResult> Run(TestInstallation installation, params string[] arguments)
    {
        await using var process = ChildProcess.Start(Program, [.. arguments, .. Place(installation)]);
        await process.WaitForExit();
        var printed = string.Join('\n', process.Lines);
        return new CommandResult(process.ExitCode, printed, printed);
    }

    public static string[] Place(TestInstallation installation) =>
        ["--data", installation.DataFolder, "--database", installation.DatabaseConnection];

    /// <summary>A table, an index, a column of a table that is there, and rows: what migrations are made of.</summary>
    private static string Migration(int version) =>
        $"""
            CREATE TABLE further_{version} (id TEXT NOT NULL PRIMARY KEY, note TEXT NOT NULL);
            CREATE INDEX further_{version}_note ON further_{version} (note);
            INSERT INTO further_{version} (id, note) SELECT name, value FROM installation;
            ALTER TABLE users ADD COLUMN further_{version} TEXT;
            CREATE INDEX users_further_{version} ON users (app_id, further_{version});
            """;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
