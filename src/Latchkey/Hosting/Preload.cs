using System.Security.Cryptography;
using System.Text;
using Dapper;
using Latchkey.Data;
using Microsoft.Data.Sqlite;

namespace Latchkey.Hosting;

/// <summary>
/// Loads the libraries that opening the database and the key ring needs (ICU, SQLite or Npgsql, Dapper, OpenSSL) on another processor
/// while the host is built. That takes a tenth off a start. Nothing depends on it: what fails here fails again where it is needed, with a
/// clear error.
/// </summary>
public static class Preload
{
    /// <param name="connection">The database's connection.</param>
    public static Task Start(string connection) =>
        Task.Run(async () =>
        {
            _ = "a\u0308".Normalize(NormalizationForm.FormKC);
            if (PostgresDatabase.IsPostgres(connection))
            {
                await using var database = new PostgresDatabase(connection);
                await database.Read(db => db.QuerySingleAsync<long>("SELECT @one", new { one = 1L }));
            }
            else
            {
                await using var db = new SqliteConnection("Data Source=:memory:");
                db.QuerySingle<long>("SELECT @one", new { one = 1L });
            }

            using var aes = new AesGcm(new byte[32], AesGcm.TagByteSizes.MaxSize);
            aes.Encrypt(
                new byte[AesGcm.NonceByteSizes.MaxSize],
                Array.Empty<byte>(),
                Array.Empty<byte>(),
                new byte[AesGcm.TagByteSizes.MaxSize]
            );
        });
}
