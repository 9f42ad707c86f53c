using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Users.Sessions;

/// <summary>
/// Devices on which a login does not ask for the second factor. Whatever ends all sessions of a user forgets them too
/// (<see cref="SessionStore.EndAll"/>).
/// </summary>
public sealed class RememberedDevices(RememberedDeviceStore store, TimeProvider clock)
{
    /// <summary>A newer one ends the oldest.</summary>
    private const int MaxDevices = 20;

    /// <summary>Whether devices of the application can be remembered, and a remembered one is enough.</summary>
    public static bool AreOn(ApplicationSettings settings) =>
        settings is { RememberDeviceDays: > 0, SecondFactorPolicy: SecondFactorPolicy.Optional or SecondFactorPolicy.NewDevices };

    /// <summary>Remembers the client's device. Returns its token. Runs in the caller's transaction, with the user's row locked.</summary>
    public async Task<string> Remember(DbConnection db, Application application, User user, ClientAddress client)
    {
        var (token, now) = (Secrets.Token(), clock.Now());
        await store.Insert(
            db,
            new RememberedDevice
            {
                AppId = user.AppId,
                Id = Ids.New(clock),
                UserId = user.Id,
                TokenHash = Secrets.Hash(token),
                DeviceName = client.ShortDeviceName,
                Client = client.Address,
                CreatedAt = now,
                ExpiresAt = now + Lifetime(application.Settings),
            }
        );
        await store.RemoveSurplus(db, user.AppId, user.Id, MaxDevices);
        return token;
    }

    /// <summary>The id of the user's remembered device with this token; null for none.</summary>
    public async Task<string?> FindId(DbConnection db, Application application, User user, string token) =>
        AreOn(application.Settings)
            ? await store.FindId(db, user.AppId, user.Id, Secrets.Hash(token), clock.Now() - Lifetime(application.Settings), clock.Now())
            : null;

    /// <summary>Whether a device that was found before is still remembered.</summary>
    public Task<bool> Exists(DbConnection db, User user, string id) => store.Exists(db, user.AppId, user.Id, id);

    /// <summary>The user's remembered devices, newest first.</summary>
    public async Task<IReadOnlyList<RememberedDevice>> List(DbConnection db, ApplicationSettings settings, User user) =>
        AreOn(settings) ? await store.List(db, user.AppId, user.Id, clock.Now() - Lifetime(settings), clock.Now()) : [];

    public Task RemoveAll(DbConnection db, User user) => store.RemoveAll(db, user.AppId, user.Id);

    /// <summary>A shorter time in the settings holds for devices that are remembered already.</summary>
    private static long Lifetime(ApplicationSettings settings) => (long)TimeSpan.FromDays(settings.RememberDeviceDays).TotalMilliseconds;
}
