using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Messages.Providers;
using Latchkey.Provider.Clients;

namespace Latchkey.Provider.Logout;

/// <summary>
/// Tells clients that a session is over (OpenID Connect Back-Channel Logout §2.5). What fails for the moment is sent again after longer and
/// longer pauses; what failed for good is in the application's log.
/// </summary>
public sealed class BackChannelLogout(
    Database database,
    LogoutNoticeStore store,
    ClientStore clients,
    ApplicationCache applications,
    Issuers issuers,
    LogoutTokens tokens,
    HttpDelivery http,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>
    /// Longer than a delivery can take. After it, another try begins if the database did not take what became of the first.
    /// </summary>
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);
    private int waitingBrowsers;
    private const string Action = "backChannelLogout";

    /// <summary>How long a browser that signs out waits for the clients.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Of one browser, and browsers at a time. <see cref="LogoutWorker"/> sends what is more.</summary>
    private const int MaxAtOnce = 8;
    private const int MaxWaitingBrowsers = 32;

    /// <summary>The pauses after the attempts. After the last one it is given up.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(10),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(6),
    ];

    /// <summary>
    /// Sends the first notices of a session that has just ended, all at the same time, and waits for them a moment. What takes longer goes
    /// on.
    /// </summary>
    public async Task SendOf(string appId, string sessionId)
    {
        var sent = SendFirst(appId, sessionId);
        using var patience = new CancellationTokenSource();
        if (await Task.WhenAny(sent, Task.Delay(Patience, clock, patience.Token)) == sent)
        {
            await sent; // the database may have failed
        }

        await patience.CancelAsync();
    }

    private async Task SendFirst(string appId, string sessionId)
    {
        try
        {
            if (Interlocked.Increment(ref waitingBrowsers) <= MaxWaitingBrowsers)
            {
                var now = clock.Now();
                var until = now + (long)LeaseDuration.TotalMilliseconds;
                var notices = await database.Write(db => store.LeaseOfSession(db, appId, sessionId, now, until, MaxAtOnce));
                await Task.WhenAll(notices.Select(notice => Send(notice, CancellationToken.None)));
            }
        }
        finally
        {
            Interlocked.Decrement(ref waitingBrowsers);
        }
    }

    /// <summary>Sends a notice that this node has leased, and records how it went.</summary>
    public async Task Send(LogoutNotice notice, CancellationToken stop)
    {
        if (
            await applications.Find(notice.AppId) is not { } application
            || await database.Read(db => clients.Find(db, notice.AppId, notice.ClientId)) is not { Settings.LogoutUri.Length: > 0 } client
        )
        {
            await database.Write(db => store.Close(db, notice));
            return;
        }

        using var content = new FormUrlEncodedContent([new("logout_token", tokens.Write(application, issuers.Of(application), notice))]);
        var delivery = await http.Post(
            new Uri(client.Settings.LogoutUri),
            isDeveloperHost: true,
            content,
            _ => { },
            stop,
            LogoutRefusal.Describe
        );
        await Record(notice, client, delivery);
    }

    private Task Record(LogoutNotice notice, Client client, Delivery delivery)
    {
        if (delivery.Result == DeliveryResult.RetryLater && notice.Attempts <= Pauses.Length)
        {
            var dueAt = clock.Now() + (long)Pauses[notice.Attempts - 1].TotalMilliseconds;
            return database.Write(db => store.Retry(db, notice, dueAt));
        }

        return database.Write(async db =>
        {
            await store.Close(db, notice);
            if (delivery.Result != DeliveryResult.Accepted)
            {
                await audit.Add(
                    db,
                    new AuditEntry(notice.AppId, Action, "", "")
                    {
                        Detail = string.Create(
                            CultureInfo.InvariantCulture,
                            $"{client.Name} was not told that a session is over: {delivery.Answer}; attempt {notice.Attempts}"
                        ),
                    }
                );
            }
        });
    }
}
