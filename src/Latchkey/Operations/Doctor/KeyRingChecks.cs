using System.Data.Common;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Operations.KeyRotation;

namespace Latchkey.Operations.Doctor;

/// <summary>Checks whether this node's key ring opens the secrets in the database.</summary>
public sealed class KeyRingChecks(KeyFolder folder, TimeProvider clock)
{
    private const string Subject = "secrets";
    private const string Advice = "Put the right keys into the key ring's folder (LATCHKEY_KEYS).";
    private readonly EncryptedColumnStore store = new();

    public async Task<Finding> Run(DbConnection db)
    {
        var mark = await KeyCheckValue.Read(db);
        try
        {
            if (!folder.HasKeys)
            {
                return mark is null
                    ? Finding.Good(Subject, "The database has none yet.")
                    : Finding.Bad(Subject, "The key ring of this database is missing.", Advice);
            }

            var ring = KeyRing.Open(folder, clock);
            var lacking = await FindMissingKeys(db, ring);
            return lacking.Find(id => string.CompareOrdinal(id, ring.CurrentId) > 0) is { } newer
                    ? Finding.Bad(
                        Subject,
                        $"Another node uses the key {newer}, which is missing on this node.",
                        $"Copy {newer}.key from that node to {folder.Path} now. No restart is needed. Until then, this node "
                            + "cannot read new secrets and tokens."
                    )
                : mark is not null && !KeyCheckValue.Matches(ring, mark)
                    ? Finding.Bad(Subject, "The key ring does not belong to this database.", Advice)
                : lacking is [var lost, ..]
                    ? Finding.Warning(
                        Subject,
                        $"Some need the key {lost}, which is missing in the key ring.",
                        $"Restore {lost}.key from a backup of the keys. latchkey keyring reseal lists what cannot be opened."
                    )
                : Finding.Good(Subject, "The key ring opens all secrets in the database.");
        }
        catch (Exception e) when (e is InvalidSettingException or IOException or UnauthorizedAccessException)
        {
            return Finding.Bad(Subject, e.Message, Advice);
        }
    }

    /// <summary>Keys that encrypted data and are missing in the key ring.</summary>
    private async Task<List<string>> FindMissingKeys(DbConnection db, KeyRing ring)
    {
        var used = new List<string>();
        foreach (var column in EncryptedColumn.All)
        {
            used.AddRange((await store.CountByKey(db, column)).Keys);
        }

        return
        [
            .. used.Distinct(StringComparer.Ordinal)
                .Where(id => RootKey.ParseTime(id) is not null)
                .Except(ring.Keys.Select(key => key.Id), StringComparer.Ordinal),
        ];
    }
}
