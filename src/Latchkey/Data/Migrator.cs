using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Dapper;

namespace Latchkey.Data;

/// <summary>
/// Migrates the schema to this binary's version. Each migration and its row in <c>schema_migrations</c> are one transaction, so an
/// interrupted run leaves a valid older schema and can be repeated.
/// </summary>
public sealed class Migrator(Database database)
{
    /// <summary>
    /// A property in latchkey.runtimeconfig.json that names a folder with further migrations. Tests use it to simulate a later version, and
    /// to stop an upgrade between two migrations.
    /// </summary>
    public const string FurtherMigrations = "Latchkey.FurtherMigrations";

    private static readonly Assembly Binary = typeof(Migrator).Assembly;

    public static int NewestVersion(string dialect) => Scripts(dialect).Max(script => script.Version);

    /// <summary>The schema version of the database; 0 when empty.</summary>
    public Task<int> CurrentVersion() => database.Read(db => CurrentVersion(db, database.Dialect));

    public static async Task<int> CurrentVersion(DbConnection db, Dialect dialect) =>
        await dialect.HasTable(db, "schema_migrations") ? await ReadVersion(db) : 0;

    /// <summary>As <see cref="CurrentVersion"/>, on a connection to a database with at least one migration.</summary>
    public static Task<int> ReadVersion(DbConnection db) =>
        db.QuerySingleAsync<int>("SELECT COALESCE(MAX(version), 0) FROM schema_migrations");

    /// <summary>The SQL of an engine's migrations.</summary>
    /// <param name="dialect">The engine.</param>
    /// <param name="upTo">The last version.</param>
    public static IEnumerable<string> ScriptTexts(string dialect, int upTo = int.MaxValue) =>
        Scripts(dialect).Where(script => script.Version <= upTo).Select(script => script.Read());

    /// <summary>Runs missing migrations. Returns how many ran.</summary>
    /// <exception cref="SchemaTooNewException">A newer version has migrated the database; nothing was changed.</exception>
    public async Task<int> Run()
    {
        var scripts = Scripts(database.Dialect.Name).OrderBy(script => script.Version).ToList();
        var ran = 0;
        foreach (var script in scripts)
        {
            ran += await database.Write(db => RunOne(db, script, scripts[^1].Version)) ? 1 : 0;
        }

        return ran;
    }

    /// <summary>Runs missing migrations within a write, which decides whether they count.</summary>
    /// <param name="db">The connection of the write.</param>
    /// <param name="upTo">The last version to apply, for data of an older schema.</param>
    /// <inheritdoc cref="Run"/>
    public async Task RunWithin(DbConnection db, int upTo)
    {
        var scripts = Scripts(database.Dialect.Name).OrderBy(script => script.Version).ToList();
        foreach (var script in scripts.Where(script => script.Version <= upTo))
        {
            await RunOne(db, script, scripts[^1].Version);
        }
    }

    private async Task<bool> RunOne(DbConnection db, Script script, int newest)
    {
        await database.Dialect.LockMigrations(db);
        await db.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        var reached = await ReadVersion(db);
        if (reached > newest)
        {
            throw new SchemaTooNewException(reached, newest);
        }

        if (reached >= script.Version)
        {
            return false;
        }

        await db.ExecuteAsync(script.Read(), commandTimeout: 0); // an index over millions of rows takes long
        await db.ExecuteAsync(
            "INSERT INTO schema_migrations (version, name) VALUES (@Version, @Name)",
            new { script.Version, script.Name }
        );
        return true;
    }

    private static IEnumerable<Script> Scripts(string dialect)
    {
        var folder = $"Migrations/{dialect}/";
        var own = Binary
            .GetManifestResourceNames()
            .Where(resource => resource.StartsWith(folder, StringComparison.Ordinal))
            .Select(resource => new Script(Path.GetFileNameWithoutExtension(resource[folder.Length..]), () => ReadResource(resource)));
        return AppContext.GetData(FurtherMigrations) is string further
            ? own.Concat(
                Directory
                    .EnumerateFiles(Path.Combine(further, dialect), "*.sql")
                    .Select(file => new Script(Path.GetFileNameWithoutExtension(file), () => File.ReadAllText(file)))
            )
            : own;
    }

    private static string ReadResource(string name)
    {
        using var stream = Binary.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private sealed record Script(string Name, Func<string> Read)
    {
        public int Version { get; } = int.Parse(Name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
