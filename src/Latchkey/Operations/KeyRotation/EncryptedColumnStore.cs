using System.Data.Common;
using Dapper;

namespace Latchkey.Operations.KeyRotation;

/// <summary>Reads and replaces encrypted texts in any table.</summary>
public sealed class EncryptedColumnStore
{
    /// <summary>Length of "v1.", the key's id and a dot.</summary>
    private const int PrefixLength = 18;

    /// <summary>Texts with another prefix, in primary key order.</summary>
    public async Task<IReadOnlyList<EncryptedText>> ListWithOtherPrefix(
        DbConnection db,
        EncryptedColumn column,
        string prefix,
        EncryptedText after,
        int limit
    ) =>
        [
            .. await db.QueryAsync<EncryptedText>(
                $"""
                SELECT {column.AppId} AS app_id, {column.Id} AS id, {column.Column} AS text FROM {column.Table}
                WHERE {column.IsAfter} AND substr({column.Column}, 1, 3) = 'v1.' AND substr({column.Column}, 1, {PrefixLength}) <> @prefix
                ORDER BY {column.Order} LIMIT @limit
                """,
                new
                {
                    prefix,
                    after.AppId,
                    after.Id,
                    limit,
                },
                commandTimeout: 0
            ),
        ]; // no timeout: it scans all users, of whom few may have one

    /// <summary>False when the row was changed since it was read.</summary>
    public async Task<bool> Replace(DbConnection db, EncryptedColumn column, EncryptedText old, string fresh) =>
        await db.ExecuteAsync(
            $"UPDATE {column.Table} SET {column.Column} = @fresh "
                + $"WHERE {column.AppId} = @AppId AND {column.Id} = @Id "
                + $"AND {column.Column} = @Text",
            new
            {
                fresh,
                old.AppId,
                old.Id,
                old.Text,
            }
        ) == 1;

    /// <summary>The number of texts encrypted under each key.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountByKey(DbConnection db, EncryptedColumn column) =>
        (
            await db.QueryAsync<(string Key, long Count)>(
                $"SELECT substr({column.Column}, 4, 14), COUNT(*) FROM {column.Table} WHERE substr({column.Column}, 1, 3) = 'v1.' "
                    + $"GROUP BY substr({column.Column}, 4, 14)",
                commandTimeout: 0
            )
        ).ToDictionary(row => row.Key, row => row.Count, StringComparer.Ordinal);
}
