using System.Text;
using Dapper;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Microsoft.Data.Sqlite;

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

    [Fact]
    public async Task At_the_end_everything_stands_in_the_file_whoever_was_reading()
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-file-").FullName;
        var file = Path.Combine(folder, "latchkey.db");
        await using (var database = new SqliteDatabase(file, TimeSpan.FromSeconds(5)))
        {
            await database.Write(db => db.ExecuteAsync("CREATE TABLE notes (text TEXT NOT NULL)"));
            await database.Write(db => db.ExecuteAsync("INSERT INTO notes (text) VALUES (@Secret)", new { Secret }));
            (await database.Read(db => db.QuerySingleAsync<long>("SELECT COUNT(*) FROM notes"))).ShouldBe(1);
        }

        Directory.GetFiles(folder).ShouldBe([file]);
        Holds(file, Secret).ShouldBeTrue();
        new SqliteFile(file).LacksLog.ShouldBeFalse();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Between the header and the log, it looks like a copy without its log.</summary>
    [Fact]
    public async Task A_file_that_another_process_is_creating_is_not_refused()
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-file-").FullName;
        var file = new SqliteFile(Path.Combine(folder, "latchkey.db"));
        await using (var connection = new SqliteConnection($"Data Source={file.Path};Pooling=False"))
        {
            await connection.OpenAsync();
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL");
            await connection.ExecuteAsync("CREATE TABLE notes (text TEXT NOT NULL)");
            File.Copy(file.Path, $"{file.Path}.copy");
        }

        File.Move($"{file.Path}.copy", file.Path, overwrite: true);
        Should.Throw<InvalidSettingException>(file.RequireLog).Message.ShouldContain("was copied without its log");
        Exception? refused = null;
        var check = new Thread(() => refused = Record.Exception(file.RequireLog));
        check.Start();
        await WaitUntil.IsTrue("it waits", () => Task.FromResult(check.ThreadState.HasFlag(ThreadState.WaitSleepJoin)));
        await File.WriteAllTextAsync(file.LogPath, "");
        check.Join();
        refused.ShouldBeNull();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task From_time_to_time_the_log_is_moved_into_the_file_though_nobody_writes()
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-file-").FullName;
        var file = Path.Combine(folder, "latchkey.db");
        await using (var database = new SqliteDatabase(file, TimeSpan.FromSeconds(5), checkpointInterval: TimeSpan.FromMilliseconds(1)))
        {
            await database.Write(db => db.ExecuteAsync("CREATE TABLE notes (text TEXT NOT NULL)"));
            await database.Write(db => db.ExecuteAsync("INSERT INTO notes (text) VALUES (@Secret)", new { Secret }));
            await WaitUntil.IsTrue("it is in the file", () => Task.FromResult(Holds(file, Secret)));
            File.Exists($"{file}-wal").ShouldBeTrue();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The other one is a command beside the server, or the server beside a command.</summary>
    [Fact]
    public async Task Who_ends_first_leaves_the_log_to_the_other_one_and_who_ends_last_moves_it()
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-file-").FullName;
        var file = Path.Combine(folder, "latchkey.db");
        await using (var one = new SqliteDatabase(file, TimeSpan.FromSeconds(5)))
        {
            await one.Write(db => db.ExecuteAsync("CREATE TABLE notes (text TEXT NOT NULL)"));
            await using (var other = new SqliteDatabase(file, TimeSpan.FromSeconds(5)))
            {
                await other.Write(db => db.ExecuteAsync("INSERT INTO notes (text) VALUES (@Secret)", new { Secret }));
            }

            Holds(file, Secret).ShouldBeTrue(); // copied, and the log is still there
            File.Exists($"{file}-wal").ShouldBeTrue();
            await one.Write(db => db.ExecuteAsync("INSERT INTO notes (text) VALUES ('more')"));
        }

        Directory.GetFiles(folder).ShouldBe([file]);
        Directory.Delete(folder, recursive: true);
    }

    private static bool Holds(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }
}
