using Dapper;
using Latchkey.Data;

namespace Latchkey.Tests.Harness;

/// <summary>Every row that belongs to one application, as text: equal before and after means that nothing was changed.</summary>
public static class DatabaseSnapshot
{
    /// <summary>Figures that the server sums up by itself, later.</summary>
    private static readonly string[] Sums = ["usage_events", "usage_hours", "usage_days", "user_counts"];

    /// <summary>Reading changes nothing, but who takes a file of the log away stands in it.</summary>
    private const string Downloads = "| detail=download of ";

    /// <summary>
    /// What belongs to no application or to others: the installation's own settings, the portal's accounts, the applications.
    /// </summary>
    public static async Task<string> OfInstallation(TestInstallation installation, string exceptAppId)
    {
        var database = await installation.Get<Database>();
        return await database.Read(async db =>
        {
            var text = new List<string>();
            foreach (
                var (table, sql) in new[]
                {
                    ("installation", ""),
                    ("developers", ""),
                    ("developer_recovery_codes", ""),
                    ("old_servers", ""),
                    ("members", "WHERE app_id <> @exceptAppId"),
                    ("applications", "WHERE id <> @exceptAppId"),
                }
            )
            {
                text.AddRange(Texts(table, await db.QueryAsync($"SELECT * FROM {table} {sql}", new { exceptAppId })));
            }

            text.Count.ShouldBeGreaterThan(5);
            return string.Join('\n', text);
        });
    }

    /// <summary>Every row of a table; the same on both engines.</summary>
    public static async Task<IReadOnlyList<string>> OfTable(TestInstallation installation, string table) =>
        await (await installation.Get<Database>()).Read(async db =>
            (IReadOnlyList<string>)[.. Texts(table, await db.QueryAsync($"SELECT * FROM {table}"))]
        );

    public static async Task<string> OfApplication(TestInstallation installation, string appId)
    {
        var database = await installation.Get<Database>();
        return await database.Read(async db =>
        {
            var tables = (
                await db.QueryAsync<string>(
                    Engine.IsPostgres
                        ? "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'app_id'"
                        : "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'app_id' WHERE m.type = 'table'"
                )
            ).AsList();
            tables.Count.ShouldBeGreaterThan(15);
            var text = new List<string>();
            foreach (var table in tables.Except(Sums).Order(StringComparer.Ordinal))
            {
                text.AddRange(await Lines(table, $"SELECT * FROM {table} WHERE app_id = @appId"));
            }

            text.AddRange(await Lines("applications", "SELECT * FROM applications WHERE id = @appId"));
            text.AddRange(
                await Lines("developers", "SELECT * FROM developers WHERE id IN (SELECT developer_id FROM members WHERE app_id = @appId)")
            );
            return string.Join('\n', text.Where(row => !row.Contains(Downloads, StringComparison.Ordinal)));

            async Task<IEnumerable<string>> Lines(string table, string sql) => Texts(table, await db.QueryAsync(sql, new { appId }));
        });
    }

    /// <summary>
    /// Rows without the lines about refused forms: a member's leaves one in the application's log, which is not what it asked for.
    /// </summary>
    public static string WithoutRefusedForms(string rows) =>
        string.Join(
            '\n',
            rows.Split('\n').Where(row => !row.Contains($"action={Latchkey.Portal.RejectedFormLog.Action} ", StringComparison.Ordinal))
        );

    /// <summary>
    /// Rows without the lines about refused requests: everybody can send one to an application's OpenID provider, and its log says so.
    /// </summary>
    public static string WithoutRefusals(string rows) =>
        string.Join(
            '\n',
            rows.Split('\n')
                .Where(row => !row.StartsWith("audit: ", StringComparison.Ordinal) || row.Contains("| code=0 |", StringComparison.Ordinal))
        );

    private static object? Text(object? value) =>
        value switch
        {
            byte[] bytes => Convert.ToHexString(bytes),
            bool flag => flag ? 1 : 0, // as SQLite has it
            _ => value,
        };

    private static IEnumerable<string> Texts(string table, IEnumerable<dynamic> rows) =>
        rows.Cast<IDictionary<string, object?>>()
            .Select(row => $"{table}: {string.Join(" | ", row.Select(cell => $"{cell.Key}={Text(cell.Value)}"))}")
            .Order(StringComparer.Ordinal);
}
