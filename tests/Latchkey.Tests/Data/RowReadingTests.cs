using Dapper;
using Latchkey.Data;
using Microsoft.Data.Sqlite;

namespace Latchkey.Tests.Data;

/// <summary>Rows that are read by SQLite's own functions (SqliteStatement).</summary>
public sealed class RowReadingTests : IAsyncLifetime
{
    private const string Select = "SELECT text, number, flag, absent FROM things WHERE $2 = 'b' AND text = $1 AND $3 = 'c'";

    private readonly string folder = Directory.CreateTempSubdirectory("latchkey-rows-").FullName;
    private SqliteDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        database = new SqliteDatabase(Path.Combine(folder, "latchkey.db"), TimeSpan.FromSeconds(3));
        await database.Write(db => db.ExecuteAsync("CREATE TABLE things (text TEXT, number INTEGER, flag BOOLEAN, absent TEXT)"));
        await database.Write(db =>
            db.ExecuteAsync("INSERT INTO things VALUES ('grün', 9007199254740993, TRUE, NULL), ('', 0, FALSE, NULL)")
        );
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Values_come_as_they_are_and_parameters_by_their_numbers()
    {
        for (var again = 0; again < 3; again++)
        {
            (await Find("grün", "b", "c")).ShouldBe(("grün", 9007199254740993, true, null));
            (await Find("", "b", "c")).ShouldBe(("", 0, false, null));
            (await Find("grün", "c", "b")).ShouldBeNull();
            (await Find("other", "b", "c")).ShouldBeNull();
            (await Find("grün\0", "b", "c")).ShouldBeNull();
        }
    }

    /// <summary>Else it would run with a value of the request before.</summary>
    [Fact]
    public async Task A_missing_parameter_is_an_error()
    {
        (await Find("grün", "b", "c")).ShouldNotBeNull();
        await Should.ThrowAsync<ArgumentException>(() => Find("grün", "b"));
        (await Find("grün", "b", "c")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task NULL_where_a_value_is_expected_is_an_error(int method)
    {
        await Should.ThrowAsync<InvalidOperationException>(() =>
            database.Read(db => db.QueryRow<object>(Select, row => method == 0 ? row.GetString(3) : row.GetInt64(3), "grün", "b", "c"))
        );
        (await Find("grün", "b", "c")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_statement_that_cannot_be_prepared_is_SQLites_error() =>
        (
            await Should.ThrowAsync<SqliteException>(() => database.Read(db => db.QueryRow<object>("SELECT x FROM nowhere", _ => "")))
        ).Message.ShouldContain("no such table");

    /// <summary>Another process holds a lock for a moment, as a command does when it ends.</summary>
    [Fact]
    public async Task Readers_wait_for_a_lock_as_long_as_writers() =>
        (await database.Read(db => db.ExecuteScalarAsync<long>("PRAGMA busy_timeout"))).ShouldBe(3000);

    private async Task<(string, long, bool, string?)?> Find(params string[] parameters) =>
        (await database.Read(db => db.QueryRow(Select, Read, parameters)))?.Value;

    private static Found Read(IRow row) => new((row.GetString(0), row.GetInt64(1), row.GetBoolean(2), row.GetStringOrNull(3)));

    private sealed record Found((string, long, bool, string?) Value);
}
