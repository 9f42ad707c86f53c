using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Applications.Credentials;

/// <summary>
/// Rotates the keys that sign an application's user JWTs. A new key is announced in the JWKS, waits until all caches have it, and then
/// signs. The previous key stays in the JWKS until its last JWT has expired.
/// </summary>
public sealed class SigningKeyRules(
    Database database,
    CredentialUpdater credentials,
    SigningKeyStore store,
    ApplicationCache applications,
    AuditStore audit,
    SigningKeys keys,
    TimeProvider clock
)
{
    private static readonly Error TooMany = CredentialUpdater.Invalid(
        $"An application can have at most {CredentialUpdater.MaxPerApplication} signing keys. Retire one first."
    );
    private static readonly Error NoSuchKey = CredentialUpdater.Invalid("This application has no such signing key.");

    /// <summary>The key that signs now; null when the application does not exist.</summary>
    public async Task<SigningKeyRow?> Active(string appId) =>
        (await List(appId)).FirstOrDefault(key => key.State == SigningKeyState.Active);

    /// <summary>The active key's public key in PEM; null when the application does not exist.</summary>
    public async Task<string?> PublicKey(string appId) => (await Active(appId))?.PublicKey;

    /// <summary>All published keys, newest first; empty when the application does not exist.</summary>
    public Task<IReadOnlyList<SigningKeyRow>> List(string appId) => database.Read(db => store.ListByApplication(db, appId));

    /// <summary>When all verifiers know the key, so that it may sign; null when they already do.</summary>
    public static DateTimeOffset? ActivatableAt(SigningKeyRow key, DateTimeOffset now)
    {
        var ready = DateTimeOffset.FromUnixTimeMilliseconds(key.CreatedAt) + SigningKeys.AnnouncementPeriod;
        return key.State == SigningKeyState.Announced && ready > now ? ready : null;
    }

    /// <summary>Creates and publishes a key. 602 for an unknown algorithm, or too many keys.</summary>
    public async Task<Result<SigningKeyRow>> Announce(string appId, string algorithm, Actor actor)
    {
        if (!SigningKeys.Algorithms.Contains(algorithm, StringComparer.Ordinal))
        {
            return CredentialUpdater.Invalid($"The algorithm must be {string.Join(" or ", SigningKeys.Algorithms)}.");
        }

        if ((await List(appId)).Count >= CredentialUpdater.MaxPerApplication)
        {
            return TooMany; // avoids creating a key in vain; concurrent calls are checked again below
        }

        var key = keys.Create(Ids.New(clock), appId, algorithm, clock.Now());
        return await credentials.Apply<SigningKeyRow>(
            appId,
            async (db, _) =>
            {
                if ((await store.ListByApplication(db, appId)).Count >= CredentialUpdater.MaxPerApplication)
                {
                    return TooMany;
                }

                await store.Insert(db, key);
                await Log(db, "announceSigningKey", key, actor);
                return key;
            }
        );
    }

    /// <summary>
    /// Activates a key. An announced one must wait for the caches, unless <paramref name="early"/>; a retiring one can be activated at any
    /// time. 602 when it is too early or already active.
    /// </summary>
    public Task<Result<SigningKeyRow>> Activate(string appId, string keyId, bool early, Actor actor) =>
        credentials.Apply<SigningKeyRow>(
            appId,
            async (db, app) =>
            {
                var all = await store.ListByApplication(db, appId);
                if (all.FirstOrDefault(key => key.Id == keyId) is not { } next)
                {
                    return NoSuchKey;
                }

                if (next.State == SigningKeyState.Active)
                {
                    return CredentialUpdater.Invalid("This key is already active.");
                }

                if (!early && ActivatableAt(next, clock.GetUtcNow()) is { } until)
                {
                    return CredentialUpdater.Invalid(
                        $"Backends may cache the old key set until {until:HH:mm:ss} UTC, and would refuse JWTs of the new key. "
                            + "Activate it then, or force it now."
                    );
                }

                await RetireActive(db, all, app);
                next = next with { State = SigningKeyState.Active, ActivatedAt = clock.Now(), EndsAt = null };
                await store.SetState(db, next);
                await Log(db, "activateSigningKey", next, actor, early ? "without waiting" : null);
                return next;
            }
        );

    /// <summary>
    /// Removes a key from the JWKS immediately: JWTs that it signed no longer verify. If it was active, an announced key becomes active, or
    /// else a new one. Returns the active key.
    /// </summary>
    public async Task<Result<SigningKeyRow>> RetireNow(string appId, string keyId, Actor actor)
    {
        var (now, algorithm) = (clock.Now(), (await List(appId)).FirstOrDefault(key => key.Id == keyId)?.Algorithm);
        var spare = algorithm is null
            ? null
            : keys.Create(Ids.New(clock), appId, algorithm, now) with
            {
                State = SigningKeyState.Active,
                ActivatedAt = now,
            };
        return await credentials.Apply<SigningKeyRow>(
            appId,
            async (db, _) =>
            {
                var all = await store.ListByApplication(db, appId);
                if (spare is null || all.FirstOrDefault(key => key.Id == keyId) is not { } gone)
                {
                    return NoSuchKey;
                }

                await store.Delete(db, appId, keyId);
                await Log(db, "retireSigningKey", gone, actor, "at once");
                return gone.State == SigningKeyState.Active
                    ? await Replace(db, all, spare, actor)
                    : all.First(key => key.State == SigningKeyState.Active);
            }
        );
    }

    /// <summary>Deletes keys whose last JWT has expired.</summary>
    public async Task RemoveEnded()
    {
        foreach (var key in await database.Read(db => store.Ended(db, clock.Now())))
        {
            await database.Write(async db =>
            {
                if (!await store.DeleteEnded(db, key.AppId, key.Id, clock.Now()))
                {
                    return;
                }

                await Log(db, "retireSigningKey", key, new Actor("cleaner", ""), "its last JWT has expired");
                await database.Dialect.AnnounceChange(db, key.AppId);
            });
            applications.Invalidate(key.AppId);
        }
    }

    /// <summary>Prefers an announced key, which verifiers have cached, to a new one.</summary>
    private async Task<SigningKeyRow> Replace(DbConnection db, IReadOnlyList<SigningKeyRow> all, SigningKeyRow spare, Actor actor)
    {
        if (all.LastOrDefault(key => key.State == SigningKeyState.Announced && ActivatableAt(key, clock.GetUtcNow()) is null) is { } known)
        {
            spare = known with { State = SigningKeyState.Active, ActivatedAt = clock.Now() };
            await store.SetState(db, spare);
        }
        else
        {
            await store.Insert(db, spare);
        }

        await Log(db, "activateSigningKey", spare, actor, "without waiting");
        return spare;
    }

    private async Task RetireActive(DbConnection db, IReadOnlyList<SigningKeyRow> all, ApplicationRow app)
    {
        var active = all.First(key => key.State == SigningKeyState.Active);
        var lastExpiry = UserJwtLifetime.LastExpiry(ApplicationRules.SettingsOf(app), clock.Now());
        await store.SetState(db, active with { State = SigningKeyState.Retiring, EndsAt = Math.Max(lastExpiry, active.SignedUntil) });
    }

    private Task Log(DbConnection db, string action, SigningKeyRow key, Actor actor, string? more = null) =>
        audit.Add(
            db,
            new AuditEntry(key.AppId, action, "", actor) { Detail = $"{key.Algorithm} {key.Id}{(more is null ? "" : $", {more}")}" }
        );
}
