using System.Net;
using Npgsql;

namespace Latchkey.Tests.Faults;

/// <summary>Row 80: somebody outside holds the lock of one row. Who needs the row is refused soon, and everybody else is served.</summary>
[Collection(SerialCollection.Name)]
public sealed class LockedRowTests(ServerFixture servers)
{
    [Fact]
    public async Task A_row_that_is_locked_from_outside_takes_no_connection_from_others()
    {
        Assert.SkipUnless(Engine.IsPostgres, "SQLite has one lock for all writes: see DatabaseOutageTests");
        const int waiting = 100;
        var server = await servers.Start("--limits", "off");
        var app = await server.CreateApp("signupFlow=none", "userNamesEnabled=1");
        var (ann, bob) = (await app.CreateUser("ann@example.com"), await app.CreateUser("bob@example.com"));
        await using var outside = new NpgsqlConnection(
            Latchkey.Data.PostgresConnectionString.ParseHosts(app.Installation.DatabaseConnection)[0].ConnectionString
        );
        await outside.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await outside.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (
            var command = new NpgsqlCommand("SELECT 1 FROM users WHERE handle = 'ann@example.com' FOR UPDATE", outside, transaction)
        )
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var refused = Enumerable.Range(0, waiting).Select(i => SetName($"ann{i}")).ToList();
        var latencies = new Latencies();
        var answered = 0;
        while (!refused.TrueForAll(one => one.IsCompleted))
        {
            (await latencies.Time(bob.TryGetUser)).ShouldBeOk();
            answered++;
        }

        answered.ShouldBePositive();
        foreach (var reply in await Task.WhenAll(refused))
        {
            reply.ShouldFailWith(701, HttpStatusCode.ServiceUnavailable);
        }

        TestScale.RecordFigure(
            80,
            $"{waiting} requests wait for one locked row: all refused with 503; another user's getUser meanwhile: {latencies}"
        );
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        (await SetName("ann")).ShouldBeOk();

        Task<Reply> SetName(string name) =>
            app.PostRaw("setUserName", System.Net.Http.Json.JsonContent.Create(new { userName = name }), ("access-token", ann.AccessToken));
    }
}
