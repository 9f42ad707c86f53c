using System.Data.Common;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>
/// Work that a request leaves for the moment after its response, so that the time of the response does not tell what the work finds:
/// whether an address has an account (docs/adr/0034-deferred-work.md). The row is committed before the response, so nothing that was
/// answered is lost. The table is deferred_work.
/// </summary>
public sealed class DeferredWork(Database database, KeyRing ring, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly WorkSignal signal = new();

    /// <summary>Queues work of a kind, and wakes this node's worker.</summary>
    public async Task Add<T>(string kind, T input, JsonTypeInfo<T> type)
    {
        var (id, now) = (Ids.New(clock), clock.Now());
        var row = new
        {
            id,
            kind,
            @sealed = ring.Encrypt(Purpose(id), JsonSerializer.SerializeToUtf8Bytes(input, type)),
            now,
        };
        await database.Write(db =>
            db.ExecuteAsync(
                "INSERT INTO deferred_work (id, kind, input_sealed, attempts, due_at, created_at) "
                    + "VALUES (@id, @kind, @sealed, 0, @now, @now)",
                row
            )
        );
        signal.Wake();
    }

    public Task WaitForWork(TimeSpan timeout, CancellationToken stop) => signal.Wait(timeout, stop);

    /// <summary>Waits until nothing is queued, two seconds at most: for tools that show what requests led to.</summary>
    public async Task WaitUntilDone()
    {
        var begin = clock.GetTimestamp();
        while (clock.GetElapsedTime(begin) < MaxWait && await database.Read(IsAnyQueued))
        {
            await Task.Delay(Pause, clock);
        }
    }

    private static Task<bool> IsAnyQueued(DbConnection db) => db.QuerySingleAsync<bool>("SELECT EXISTS (SELECT 1 FROM deferred_work)");

    /// <summary>Whether there is due work.</summary>
    public Task<bool> AnyDue(DbConnection db, long now) =>
        db.QuerySingleAsync<bool>("SELECT EXISTS (SELECT 1 FROM deferred_work WHERE due_at <= @now)", new { now });

    /// <summary>Leases due rows, oldest first: until <paramref name="until"/> no other node takes them.</summary>
    public async Task<IReadOnlyList<DeferredWorkRow>> Lease(DbConnection db, long now, long until, int limit) =>
        [
            .. await db.QueryAsync<DeferredWorkRow>(
                $"""
                UPDATE deferred_work SET attempts = attempts + 1, due_at = @until
                WHERE id IN (SELECT id FROM deferred_work WHERE due_at <= @now
                  ORDER BY due_at, id LIMIT @limit {database.Dialect.ForUpdateSkipLocked})
                RETURNING id, kind, input_sealed, attempts, created_at
                """,
                new
                {
                    now,
                    until,
                    limit,
                }
            ),
        ];

    /// <summary>Removes a row in the transaction of its work; false when it was done already.</summary>
    public async Task<bool> Remove(DbConnection db, string id) =>
        await db.ExecuteAsync("DELETE FROM deferred_work WHERE id = @id", new { id }) == 1;

    public string Decrypt(DeferredWorkRow row) => Encoding.UTF8.GetString(ring.Open(Purpose(row.Id), row.InputSealed));

    public void Dispose() => signal.Dispose();

    /// <summary>The encryption purpose of a row's input.</summary>
    public static string Purpose(string id) => $"deferred_work/{id}";
}
