using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// The unique values (handles, user names, numbers, social accounts) seen in a file so far, to find duplicates. Stores 64-bit hashes,
/// some millions at most; the database's constraints find further duplicates.
/// </summary>
public sealed class SeenKeys
{
    private const int MaxKeys = 4_000_000;
    private readonly HashSet<ulong> seen = [];

    /// <summary>True when all values are stored, so that a value not found here is not a duplicate.</summary>
    public bool IsComplete => seen.Count < MaxKeys;

    /// <summary>The field with a duplicate value; null for a new user, whose values are then stored.</summary>
    public UserField? FindDuplicate(ValidatedRow row)
    {
        var user = row.User;
        (UserField Field, string? Text)[] keys =
        [
            (UserField.Handle, user.HandleKey),
            (UserField.Id, row.Values[UserField.Id] is not null ? user.Id : null),
            (UserField.UserName, user.UserName),
            (UserField.Phone, user.Phone),
            .. row.Accounts.Select(account => (UserField.ProviderSubject, (string?)$"{account.Provider}|{account.Subject}")),
        ];
        List<(UserField Field, ulong Hash)> hashes = [];
        foreach (var (field, text) in keys)
        {
            if (text is not null)
            {
                hashes.Add((field, Hash(field, text)));
            }
        }

        if (hashes.Find(key => seen.Contains(key.Hash)) is { Hash: not 0 } repeated)
        {
            return repeated.Field;
        }

        if (IsComplete)
        {
            hashes.ForEach(key => seen.Add(key.Hash));
        }

        return null;
    }

    private static ulong Hash(UserField field, string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{(int)field}|{key}"), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1;
    }
}
