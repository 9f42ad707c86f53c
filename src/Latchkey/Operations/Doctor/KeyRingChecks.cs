using System.Data.Common;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Operations.KeyRotation;

namespace Latchkey.Operations.Doctor;

/// <summary>Looks at what the key ring sealed in the database: whether this node's ring opens it.</summary>
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
                    ? Finding.Good(Subject, "The database holds none yet.")
                    : Finding.Bad(Subject, "The key ring that this database was made with is not here.", Advice);
            }

            var ring = KeyRing.Open(folder, clock);
            var lacking = await FindMissingKeys(db, ring);
            return lacking.Find(id => string.CompareOrdinal(id, ring.CurrentId) > 0) is { } newer
                    ? Finding.Bad(
                        Subject,
                        $"Another node seals with the key {newer}, which this node's ring lacks.",
                        $"Copy {newer}.key from that node to {folder.Path} now; nothing is restarted. Until then this node fails "
                            + "with everything that is new."
                    )
                : mark is not null && !KeyCheckValue.Matches(ring, mark)
                    ? Finding.Bad(Subject, "The key ring is not the one that this database was made with.", Advice)
                : lacking is [var lost, ..]
                    ? Finding.Warning(
                        Subject,
                        $"Some were sealed with the key {lost}, which the ring lacks.",
                        $"Put {lost}.key back from a backup of the keys. latchkey keyring reseal names what cannot be opened."
                    )
                : Finding.Good(Subject, "The key ring opens what the database holds.");
        }
        catch (Exception e) when (e is InvalidSettingException or IOException or UnauthorizedAccessException)
        {
            return Finding.Bad(Subject, e.Message, Advice);
        }
    }

    /// <summary>Keys that sealed something and are not in the ring.</summary>
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
