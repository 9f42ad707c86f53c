using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Tests.Data;

/// <summary>What <see cref="Database.Write{T}"/> promises on both engines, with a table of the test's own.</summary>
public sealed class TransactionTests(ServerFixture servers)
{
    private static readonly Error Refusal = ErrorCodes.BadRequest;

    [Fact]
    public async Task What_waits_for_the_commit_is_there_after_it_and_in_its_order()
    {
        var database = await Table("waits");
        await database.Write(async db =>
        {
            await db.ExecuteDeferred(
                "INSERT INTO waits (id, note) VALUES (@id, @note)",
                new
                {
                    id = "a",
                    note = (string?)null,
                    more = "that the statement does not name",
                }
            );
            await db.ExecuteDeferred("UPDATE waits SET note = @note WHERE id = @id", new { id = "a", note = "it's @id; DROP TABLE waits" });
        });
        (await Notes(database, "waits")).ShouldBe(["a: it's @id; DROP TABLE waits"]);
    }

    [Fact]
    public async Task A_refusal_and_a_failure_leave_nothing_of_it()
    {
        var database = await Table("refused");
        (
            await database.Write<Result<Done>>(async db =>
            {
                await Add(db, "refused", "a");
                return Refusal;
            })
        ).Error.ShouldBe(Refusal);
        await Should.ThrowAsync<InvalidOperationException>(
            database.Write(async db =>
            {
                await Add(db, "refused", "b");
                throw new InvalidOperationException("the work's own");
            })
        );
        await Should.ThrowAsync<DbException>(
            database.Write(async db =>
            {
                await Add(db, "refused", "c");
                await db.ExecuteDeferred("INSERT INTO nowhere (id) VALUES (@id)", new { id = "c" });
            })
        );
        (await Notes(database, "refused")).ShouldBeEmpty();
        await database.Write(db => Add(db, "refused", "d")); // whatever connection comes next remembers nothing
        (await Notes(database, "refused")).ShouldBe(["d: "]);
    }

    [Fact]
    public async Task Work_that_meets_a_row_that_has_come_since_runs_once_more()
    {
        var database = await Table("met");
        var runs = 0;
        await database.Write(db => Add(db, "met", "a"));
        await database.Write(db => Add(db, "met", runs++ == 0 ? "a" : "b"));
        (runs, string.Join(' ', await Notes(database, "met"))).ShouldBe((2, "a:  b: "));
        await Should.ThrowAsync<DbException>(
            database.Write(db =>
            {
                runs++;
                return Add(db, "met", "a");
            })
        );
        runs.ShouldBe(4);
    }

    [Fact]
    public async Task Statements_stay_prepared_where_no_pooler_is_between()
    {
        Assert.SkipUnless(Engine.IsPostgres, "about PostgreSQL");
        var database = await Table("often");
        for (var i = 0; i < 20; i++)
        {
            await Notes(database, "often");
        }

        (
            await database.Read(db =>
                db.QuerySingleAsync<int>("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM often%'")
            )
        ).ShouldBe(1);
    }

    private static Task Add(DbConnection db, string table, string id) =>
        db.ExecuteDeferred($"INSERT INTO {table} (id, note) VALUES (@id, '')", new { id });

    private static Task<IEnumerable<string>> Notes(Database database, string table) =>
        database.Read(db => db.QueryAsync<string>($"SELECT id || ': ' || note FROM {table} ORDER BY id"));

    private async Task<Database> Table(string name)
    {
        var database = await (await servers.NewInstallation()).Get<Database>();
        await database.Write(db => db.ExecuteAsync($"CREATE TABLE {name} (id TEXT PRIMARY KEY, note TEXT)"));
        return database;
    }
}
