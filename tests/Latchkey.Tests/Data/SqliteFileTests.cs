using System.Text;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Tests.Data;

/// <summary>What stands in the file of a SQLite database.</summary>
public sealed class SqliteFileTests
{
    private const string Secret = "ann's secret address@example.com";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_deleted_cannot_be_read_from_the_file(bool deleted)
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-file-").FullName;
        var file = Path.Combine(folder, "latchkey.db");
        await using (var database = new SqliteDatabase(file, TimeSpan.FromSeconds(5)))
        {
            await database.Write(db => db.ExecuteAsync("CREATE TABLE notes (text TEXT NOT NULL)"));
            await database.Write(db => db.ExecuteAsync("INSERT INTO notes (text) VALUES (@Secret)", new { Secret }));
            if (deleted)
            {
                await database.Write(db => db.ExecuteAsync("DELETE FROM notes"));
            }
        }

        // The last connection to close moves the write-ahead log into the file and removes it.
        Directory.GetFiles(folder).ShouldBe([file]);
        var isThere = (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)) >= 0;
        isThere.ShouldBe(!deleted);
        Directory.Delete(folder, recursive: true);
    }
}
