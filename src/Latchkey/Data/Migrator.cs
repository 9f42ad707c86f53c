using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Dapper;

namespace Latchkey.Data;

/// <summary>
/// Brings the schema up to this binary's version. Each migration is one transaction together with its row in
/// <c>schema_migrations</c>, so a kill between two leaves a valid older schema, and repeating is safe.
/// </summary>
public sealed class Migrator(Database database)
{
    private static readonly Assembly Binary = typeof(Migrator).Assembly;

    public static int NewestVersion(string dialect) => Scripts(dialect).Max(script => script.Version);

    /// <summary>The schema version that the database has; 0 for an empty one.</summary>
    public Task<int> CurrentVersion() =>
        database.Read(async db => await database.Dialect.HasTable(db, "schema_migrations") ? await ReadVersion(db) : 0);

    /// <summary>As <see cref="CurrentVersion"/>, on a connection to a database that has had a migration.</summary>
    public static Task<int> ReadVersion(DbConnection db) =>
        db.QuerySingleAsync<int>("SELECT COALESCE(MAX(version), 0) FROM schema_migrations");

    /// <summary>The SQL of all migrations of an engine.</summary>
    public static IEnumerable<string> ScriptTexts(string dialect) => Scripts(dialect).Select(script => script.Read());

    /// <summary>Runs what is missing and returns how many migrations ran.</summary>
    /// <param name="upTo">The last version to reach, for data of an older schema.</param>
    /// <exception cref="SchemaTooNewException">A newer binary has been here; nothing was touched.</exception>
    public async Task<int> Run(int upTo = int.MaxValue)
    {
        var scripts = Scripts(database.Dialect.Name).OrderBy(script => script.Version).ToList();
        var ran = 0;
        foreach (var script in scripts.Where(script => script.Version <= upTo))
        {
            ran += await database.Write(db => RunOne(db, script, scripts[^1].Version)) ? 1 : 0;
        }

        return ran;
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

        await db.ExecuteAsync(script.Read(), commandTimeout: 0); // an index over millions of rows takes its time
        await db.ExecuteAsync(
            "INSERT INTO schema_migrations (version, name) VALUES (@Version, @Name)",
            new { script.Version, script.Name }
        );
        return true;
    }

    private static IEnumerable<Script> Scripts(string dialect)
    {
        var folder = $"Migrations/{dialect}/";
        return Binary
            .GetManifestResourceNames()
            .Where(resource => resource.StartsWith(folder, StringComparison.Ordinal))
            .Select(resource => new Script(resource, Path.GetFileNameWithoutExtension(resource[folder.Length..])));
    }

    private sealed record Script(string Resource, string Name)
    {
        public int Version { get; } = int.Parse(Name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);

        public string Read()
        {
            using var reader = new StreamReader(
                Binary.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"the program lacks {Resource}")
            );
            return reader.ReadToEnd();
        }
    }
}
