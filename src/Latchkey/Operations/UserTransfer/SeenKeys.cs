using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// Handles, names, numbers and accounts that a file has had so far, so that the second user of one is found. They are held as 64 bits of
/// a hash, and no more than some millions of them: what is beyond is found by the database's constraints.
/// </summary>
public sealed class SeenKeys
{
    private const int MaxKeys = 4_000_000;
    private readonly HashSet<ulong> seen = [];

    /// <summary>True when everything was kept, so that what is not here is not twice in the file.</summary>
    public bool IsComplete => seen.Count < MaxKeys;

    /// <summary>The field in which the file has another such user before; null, and remembered, for a new one.</summary>
    public UserField? FindDuplicate(User user, bool hasId)
    {
        (UserField Field, string? Text)[] keys =
        [
            (UserField.Handle, user.Handle),
            (UserField.Id, hasId ? user.Id : null),
            (UserField.UserName, user.UserName),
            (UserField.Phone, user.Phone),
            (UserField.ProviderSubject, user.ProviderSubject is { } subject ? $"{user.LoginProvider}|{subject}" : null),
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
