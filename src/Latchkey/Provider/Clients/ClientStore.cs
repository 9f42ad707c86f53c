using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Provider.Clients;

/// <summary>The table clients.</summary>
public sealed class ClientStore(Dialect dialect, ListStore lists)
{
    /// <summary>All columns but the application's id, for the table alias c.</summary>
    public const string Columns = "c.id, c.name, c.type, c.settings, c.secrets, c.created_at, c.updated_at";

    /// <summary>How many <see cref="Columns"/> has.</summary>
    public const int ColumnCount = 7;

    /// <summary>The client; null when the application has none with this id.</summary>
    public Task<Client?> Find(DbConnection db, string appId, string id) => db.QueryRow(ById(appId, id));

    /// <summary>The query of <see cref="Find"/>.</summary>
    public RowQuery<Client> ById(string appId, string id) =>
        new($"SELECT {Columns} FROM clients c WHERE c.app_id = $1 AND c.id = $2", row => Read(row, 0, appId), appId, id);

    /// <summary>As <see cref="Find"/>, with a row lock until the transaction ends.</summary>
    public Task<Client?> FindForUpdate(DbConnection db, Dialect dialect, string appId, string id) =>
        db.QueryRow(
            $"SELECT {Columns} FROM clients c WHERE c.app_id = $1 AND c.id = $2 {dialect.ForUpdate}",
            row => Read(row, 0, appId),
            appId,
            id
        );

    /// <summary>Whether the application has a client with this grant type.</summary>
    public async Task<bool> HaveGrant(DbConnection db, string appId, string grantType) =>
        await db.QuerySingleOrDefaultAsync<int?>(
            "SELECT 1 FROM clients WHERE app_id = @appId AND settings LIKE @pattern LIMIT 1",
            new { appId, pattern = $"%\"{grantType}\"%" }
        )
            is not null;

    /// <summary>The names of those that exist, by id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindNames(DbConnection db, string appId, string[] ids) =>
        (
            await db.QueryAsync<(string Id, string Name)>(
                $"SELECT id, name FROM clients WHERE app_id = @appId AND id {dialect.InArray("ids")}",
                new { appId, ids }
            )
        ).ToDictionary(client => client.Id, client => client.Name, StringComparer.Ordinal);

    /// <summary>A page of the application's clients, the newest first.</summary>
    /// <param name="search">Part of a name, or a client id; empty for all.</param>
    public Task<ListPage<ClientSummary>> Page(DbConnection db, string appId, string search, PageRequest page) =>
        lists.Page<ClientSummary>(
            db,
            new ListQuery
            {
                Columns = "id, name, type, created_at, updated_at",
                Table = "clients",
                Scope = "app_id = @appId",
                Sections = [new ListSection("1 = 1", "created_at", "id", Descending: true)],
                Filter = search.Length > 0 ? @"lower(name) LIKE @pattern ESCAPE '\' OR name LIKE @asTyped ESCAPE '\' OR id = @id" : "",
                Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["appId"] = appId,
                    ["pattern"] = LikePattern.Containing(search),
                    ["asTyped"] = LikePattern.ContainingCaseSensitive(search),
                    ["id"] = search.Trim(),
                },
            },
            page
        );

    /// <summary>How many clients the application has, counted up to <paramref name="max"/>.</summary>
    public Task<int> CountUpTo(DbConnection db, string appId, int max) =>
        db.QuerySingleAsync<int>(
            "SELECT COUNT(*) FROM (SELECT 1 FROM clients WHERE app_id = @appId LIMIT @max) AS counted",
            new { appId, max }
        );

    public Task Insert(DbConnection db, Client client) =>
        db.ExecuteAsync(
            """
            INSERT INTO clients (app_id, id, name, type, settings, secrets, logout_uri, created_at, updated_at)
            VALUES (@AppId, @Id, @Name, @Type, @Settings, @Secrets, @LogoutUri, @CreatedAt, @UpdatedAt)
            """,
            ToRow(client)
        );

    public Task Update(DbConnection db, Client client) =>
        db.ExecuteAsync(
            """
            UPDATE clients SET name = @Name, settings = @Settings, secrets = @Secrets, logout_uri = @LogoutUri, updated_at = @UpdatedAt
            WHERE app_id = @AppId AND id = @Id
            """,
            ToRow(client)
        );

    /// <summary>False when there is none with this id.</summary>
    public async Task<bool> Delete(DbConnection db, string appId, string id) =>
        await db.ExecuteAsync("DELETE FROM clients WHERE app_id = @appId AND id = @id", new { appId, id }) == 1;

    /// <summary>Reads <see cref="Columns"/> that begin at a column.</summary>
    public static Client Read(IRow row, int first, string appId) =>
        new()
        {
            AppId = appId,
            Id = row.GetString(first),
            Name = row.GetString(first + 1),
            Type = EnumNames.TryParse<ClientType>(row.GetString(first + 2), out var type)
                ? type
                : throw new InvalidOperationException("a client of an unknown type"),
            Settings = ClientDocument.ReadSettings(row.GetString(first + 3)),
            Secrets = ClientDocument.ReadSecrets(row.GetString(first + 4)),
            CreatedAt = row.GetInt64(first + 5),
            UpdatedAt = row.GetInt64(first + 6),
        };

    private static object ToRow(Client client) =>
        new
        {
            client.AppId,
            client.Id,
            client.Name,
            Type = client.Type.ToName(),
            Settings = ClientDocument.Write(client.Settings),
            Secrets = ClientDocument.Write(client.Secrets),
            client.Settings.LogoutUri,
            client.CreatedAt,
            client.UpdatedAt,
        };
}
