using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace Latchkey.Cryptography;

/// <summary>A value encrypted by the key ring when the database was created. Another key ring cannot decrypt it.</summary>
public static class KeyCheckValue
{
    private const string Name = "key_ring";

    /// <summary>Null in a database that has no check value yet.</summary>
    public static Task<string?> Read(DbConnection db) =>
        db.QuerySingleOrDefaultAsync<string>("SELECT value FROM installation WHERE name = @Name", new { Name });

    public static Task Write(DbConnection db, KeyRing ring) =>
        db.ExecuteAsync(
            "INSERT INTO installation (name, value) VALUES (@Name, @value)",
            new { Name, value = ring.Encrypt(Name, "latchkey") }
        );

    public static bool Matches(KeyRing ring, string mark)
    {
        try
        {
            ring.Open(Name, mark);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
