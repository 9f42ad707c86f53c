using System.Data.Common;
using Dapper;

namespace Latchkey.Operations.KeyRotation;

/// <summary>Sealed texts in whichever table they are.</summary>
public sealed class EncryptedColumnStore
{
    /// <summary>"v1.", the key's id, a dot.</summary>
    private const int PrefixLength = 18;

    /// <summary>Texts that begin with another prefix, in the order of their primary keys.</summary>
    public async Task<IReadOnlyList<EncryptedText>> ListWithOtherPrefix(
        DbConnection db,
        EncryptedColumn column,
        string prefix,
        EncryptedText after,
        int most
    ) =>
        [
            .. await db.QueryAsync<EncryptedText>(
                $"""
                SELECT {column.AppId} AS app_id, {column.Id} AS id, {column.Column} AS text FROM {column.Table}
                WHERE {column.IsAfter} AND substr({column.Column}, 1, 3) = 'v1.' AND substr({column.Column}, 1, {PrefixLength}) <> @prefix
                ORDER BY {column.Order} LIMIT @most
                """,
                new
                {
                    prefix,
                    after.AppId,
                    after.Id,
                    most,
                },
                commandTimeout: 0
            ),
        ]; // of many users few may have one: it looks at all

    /// <summary>False when the row has changed since it was read.</summary>
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

    /// <summary>How many texts each key has sealed.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountByKey(DbConnection db, EncryptedColumn column) =>
        (
            await db.QueryAsync<(string Key, long Count)>(
                $"SELECT substr({column.Column}, 4, 14), COUNT(*) FROM {column.Table} WHERE substr({column.Column}, 1, 3) = 'v1.' "
                    + $"GROUP BY substr({column.Column}, 4, 14)",
                commandTimeout: 0
            )
        ).ToDictionary(row => row.Key, row => row.Count, StringComparer.Ordinal);
}
