using Dapper;
using Latchkey.Data;

namespace Latchkey.Tests.Data;

/// <summary>
/// What the engine's catalogue says of keys: an engine that distributes or partitions the tables by app_id needs it in the primary key
/// and in every unique index.
/// </summary>
public sealed class KeysByApplicationTests(ServerFixture servers)
{
    /// <summary>The tables whose keys may leave app_id out, and why.</summary>
    private static readonly Dictionary<string, string> Exempt = new(StringComparer.Ordinal)
    {
        ["app_secret_directory"] = "directory: finds an application by the hash of its App Secret",
        ["application_domains"] = "directory: finds an application by its domain, which is unique in the installation",
        ["message_directory"] = "directory: leases the next message that is due, and finds one in the mailbox",
        ["installation"] = "settings of the installation",
        ["installation_log"] = "what is done with the installation and portal accounts",
        ["nodes"] = "the servers of the installation",
        ["applications"] = "its id is the App Id; every node needs them all",
        ["limits"] = "counts for networks and addresses over all applications; a bucket names its application where it has one",
        ["jobs"] = "one queue for the installation, leased over all applications; a deletion outlives its application",
        ["deferred_work"] = "one queue for the installation, also for portal accounts; a row stays for milliseconds",
        ["developers"] = "portal accounts belong to no application",
        ["developer_recovery_codes"] = "of portal accounts",
        ["developer_passkeys"] = "of portal accounts, found by the credential id",
        ["used_portal_challenges"] = "of portal accounts",
        ["portal_sessions"] = "of portal accounts, found by the token",
        ["portal_logins"] = "of portal accounts, found by the token",
        ["developer_links"] = "of portal accounts, found by the token",
        ["developer_invitations"] = "to the portal, found by the token in the link; may name no application",
        ["plans"] = "price lists of the installation",
        ["plan_versions"] = "of price lists",
        ["billing_accounts"] = "who pays, for several applications",
        ["billing_account_developers"] = "of billing accounts",
        ["invoices"] = "of billing accounts; numbers are unique in the installation",
        ["invoice_numbers"] = "the last number of each series of the installation",
        ["payments"] = "of invoices",
        ["payment_cards"] = "of billing accounts, found by the provider's customer",
        ["payment_attempts"] = "of invoices, found by the provider's reference",
        ["payment_events"] = "of the provider's webhook for the installation",
        ["schema_migrations"] = "the migrator's own",
        ["application_changes"] = "SQLite's feed of changed applications, in one order for all",
    };

    [Fact]
    public async Task Every_table_of_an_application_has_it_in_its_primary_key_and_in_every_unique_index()
    {
        var keys = await ReadKeys();
        var ofApplications = keys.Where(key => !Exempt.ContainsKey(key.Table)).ToList();
        ofApplications.Select(key => key.Table).Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(15);
        ofApplications.Where(key => !key.Columns.Contains("app_id", StringComparer.Ordinal)).ShouldBeEmpty();
        ofApplications.Where(key => key.IsPrimary && key.Columns[0] != "app_id").ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_table_has_a_primary_key()
    {
        var keys = await ReadKeys();
        var tables = await Tables();
        tables.Except(keys.Where(key => key.IsPrimary).Select(key => key.Table), StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_list_of_other_tables_names_those_that_are_there_and_no_more()
    {
        var keys = (await ReadKeys()).ToLookup(key => key.Table, StringComparer.Ordinal);
        var needless = Exempt
            .Keys.Where(table => keys[table].Any() && keys[table].All(key => key.Columns.Contains("app_id", StringComparer.Ordinal)))
            .ToList();
        needless.ShouldBeEmpty();
        var missing = Exempt.Keys.Where(table => !keys[table].Any()).ToList();
        missing.ShouldBe(Engine.IsPostgres ? ["application_changes"] : []);
    }

    private async Task<IReadOnlyList<string>> Tables()
    {
        var database = await (await servers.NewInstallation()).Get<Database>();
        return [.. (await database.Read(database.Dialect.Tables)).Select(table => table.Name)];
    }

    private async Task<IReadOnlyList<Key>> ReadKeys()
    {
        var database = await (await servers.NewInstallation()).Get<Database>();
        return await database.Read(db => Engine.IsPostgres ? FromPostgres(db) : FromSqlite(db));
    }

    private static async Task<IReadOnlyList<Key>> FromPostgres(System.Data.Common.DbConnection db) =>
        [
            .. (
                await db.QueryAsync<(string Table, string Name, bool IsPrimary, string Columns)>(
                    """
                    SELECT t.relname, i.relname, x.indisprimary,
                      (SELECT string_agg(COALESCE(a.attname, '(expression)'), ',' ORDER BY k.place)
                        FROM unnest(x.indkey::int[]) WITH ORDINALITY k (attnum, place)
                        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum)
                    FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
                    WHERE x.indisunique AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition
                    """
                )
            ).Select(key => new Key(key.Table, key.Name, key.IsPrimary, key.Columns.Split(','))),
        ];

    private static async Task<IReadOnlyList<Key>> FromSqlite(System.Data.Common.DbConnection db)
    {
        var indexes = await db.QueryAsync<(string Table, string Name, string Columns)>(
            """
            SELECT m.name, i.name, (SELECT group_concat(COALESCE(c.name, '(expression)')) FROM pragma_index_info(i.name) c)
            FROM sqlite_master m JOIN pragma_index_list(m.name) i ON i."unique" = 1 AND i.origin <> 'pk' WHERE m.type = 'table'
            """
        );
        var primary = await db.QueryAsync<(string Table, string Columns)>(
            """
            SELECT name, (SELECT group_concat(name) FROM (SELECT c.name FROM pragma_table_info(m.name) c WHERE c.pk > 0 ORDER BY c.pk))
            FROM sqlite_master m WHERE type = 'table'
            """
        );
        return
        [
            .. indexes.Select(index => new Key(index.Table, index.Name, false, index.Columns.Split(','))),
            .. primary
                .Where(key => key.Columns is not null)
                .Select(key => new Key(key.Table, $"{key.Table} primary key", true, key.Columns.Split(','))),
        ];
    }

    private sealed record Key(string Table, string Name, bool IsPrimary, IReadOnlyList<string> Columns);
}
