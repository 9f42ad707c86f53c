using System.Data.Common;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>
/// Rate limits for password attempts, counted before the password is verified: failures with back-off per handle and network, per network
/// over all handles, and per handle over all networks that it has not logged in from; and all attempts per handle and network. Known and
/// unknown handles are counted alike.
/// </summary>
public sealed class PasswordAttempts(RateLimits limits, LimitStore store, TimeProvider clock)
{
    /// <summary>Longer than the lifetime of an access token, so that users who must log in again still come from a known network.</summary>
    private static readonly TimeSpan TrustDuration = TimeSpan.FromDays(90);

    private const string KnownNetwork = "known";
    private const string GuessingNetworks = "networks that guess at one password within a day";

    /// <summary>
    /// Counts an attempt; 700 when a limit is reached. The value is true while the password is being guessed from many networks and this is
    /// one of them.
    /// </summary>
    /// <param name="scope">The scope: an App Id, or "portal".</param>
    /// <param name="subject">The handle.</param>
    /// <param name="client">The client.</param>
    /// <param name="countFirst">Runs first in the same transaction, also with <c>--limits off</c>.</param>
    public async Task<Result<bool>> TryAcquire(
        string scope,
        string subject,
        ClientAddress client,
        Func<DbConnection, Task>? countFirst = null
    )
    {
        if (!limits.AreOn && countFirst is null)
        {
            return false;
        }

        return await limits.Acquire<bool>(
            scope,
            async db =>
            {
                if (countFirst is not null)
                {
                    await countFirst(db);
                }

                return limits.AreOn ? await Acquire(db, scope, subject, client.Network) : false;
            }
        );
    }

    /// <summary>After a correct password: resets earlier failures, and makes the network a known one.</summary>
    public async Task RecordSuccess(DbConnection db, string scope, string subject, ClientAddress client)
    {
        await limits.Clear(db, DefaultLimits.FailedLogins, scope, Own(subject, client.Network));
        await ReleaseShared(db, scope, subject, client.Network);
        await TrustNetwork(db, scope, subject, client);
    }

    /// <summary>
    /// Releases an attempt that did not fail: the password was correct but the login was not possible, or it was never verified.
    /// </summary>
    public async Task Release(DbConnection db, string scope, string subject, ClientAddress client)
    {
        await limits.Release(db, DefaultLimits.FailedLogins, scope, Own(subject, client.Network));
        await ReleaseShared(db, scope, subject, client.Network);
    }

    /// <summary>Makes the network a known one of the handle. Attacks from other networks do not slow down logins from it.</summary>
    public Task TrustNetwork(DbConnection db, string scope, string subject, ClientAddress client) =>
        limits.AreOn
            ? store.SetMarker(db, KnownBucket(scope, subject, client.Network), clock.Now() + RateLimits.Milliseconds(TrustDuration))
            : Task.CompletedTask;

    /// <summary>Whether to notify the owner that the password is being guessed: once a day.</summary>
    public async Task<bool> TryAcquireNotice(string scope, string subject) =>
        await limits.TryAcquire(scope, new RateLimitRequest(DefaultLimits.GuessingNotices, Handle.KeyOf(subject))) is null;

    private async Task<Result<bool>> Acquire(DbConnection db, string scope, string subject, string network)
    {
        var (now, own, known) = (clock.Now(), Own(subject, network), KnownBucket(scope, subject, network));
        var (failed, strangers) = (DefaultLimits.FailedLogins, DefaultLimits.StrangersLogins);
        var failedBucket = RateLimits.Bucket(failed, scope, own);
        var strangersBucket = RateLimits.Bucket(strangers, scope, Handle.KeyOf(subject));
        var networksBucket = RateLimits.Bucket(GuessingNetworks, scope, Handle.KeyOf(subject));
        var counts = await db.QueryNumbers(
            store.SelectUnexpired(known, now),
            store.AcquireWithBackOff(
                failedBucket,
                failed.FreeAttempts,
                RateLimits.Milliseconds(failed.InitialDelay),
                RateLimits.Milliseconds(failed.ResetAfter),
                now
            ),
            store.AcquireFromWindow(DefaultLimits.LoginsPerHandleAndNetwork, scope, own, now),
            store.AcquireFromWindow(DefaultLimits.FailedLoginsPerNetwork, scope, network, now, known),
            store.CountFirstFailure(networksBucket, failedBucket, RateLimits.Milliseconds(strangers.Window), now, known),
            store.AcquireFromManyNetworks(
                strangersBucket,
                networksBucket,
                strangers.FreeAttempts,
                strangers.Networks,
                RateLimits.Milliseconds(strangers.InitialDelay),
                RateLimits.Milliseconds(strangers.Window),
                now,
                known
            ),
            store.SelectUnexpired(networksBucket, now)
        );
        var isKnown = counts[0] is not null;
        return counts[1] is null ? await limits.Refuse(db, failed, scope, own)
            : counts[2] is null ? await limits.Refuse(db, DefaultLimits.LoginsPerHandleAndNetwork, scope, own)
            : isKnown ? false
            : counts[3] is null ? await limits.Refuse(db, DefaultLimits.FailedLoginsPerNetwork, scope, network)
            : counts[5] is not { } failures ? await limits.Refuse(db, strangers, scope, Handle.KeyOf(subject))
            : failures >= strangers.FreeAttempts && counts[6] >= strangers.Networks;
    }

    /// <summary>Releases the attempt from the counters that do not count known networks.</summary>
    private async Task ReleaseShared(DbConnection db, string scope, string subject, string network)
    {
        if (limits.AreOn)
        {
            var (now, known) = (clock.Now(), KnownBucket(scope, subject, network));
            await store.Release(db, RateLimits.Bucket(DefaultLimits.FailedLoginsPerNetwork, scope, network), now, known);
            await store.Release(db, RateLimits.Bucket(DefaultLimits.StrangersLogins, scope, Handle.KeyOf(subject)), now, known);
        }
    }

    private static string Own(string subject, string network) => $"{Handle.KeyOf(subject)}|{network}";

    private static string KnownBucket(string scope, string subject, string network) =>
        RateLimits.Bucket(KnownNetwork, scope, Own(subject, network));
}
