using System.Collections.Concurrent;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Members;
using Latchkey.Applications.Resources;
using Latchkey.Applications.Settings;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Applications;

/// <summary>
/// Caches loaded applications. A change by this process is visible immediately, a change by another one within a second (<see
/// cref="ApplicationChangeListener"/>).
/// </summary>
public sealed class ApplicationCache(
    Database database,
    ApplicationStore store,
    SigningKeyStore signingKeys,
    CredentialStore credentials,
    LegacyCredentialStore movedIn,
    InstallationLimitStore limits,
    MemberStore members,
    ResourceStore resources,
    SigningKeys keys,
    TimeProvider clock
)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Application?>>> loaded = new(StringComparer.Ordinal);

    /// <summary>The application; null when there is none with this id.</summary>
    public async Task<Application?> Find(string appId)
    {
        var entry = loaded.GetOrAdd(appId, id => new(() => Load(id)));
        try
        {
            if (await entry.Value is { } application)
            {
                return application;
            }
        }
        catch
        {
            loaded.TryRemove(new(appId, entry)); // the next request retries a failed load
            throw;
        }

        loaded.TryRemove(new(appId, entry)); // unknown ids must not fill the memory
        return null;
    }

    /// <param name="appId">The application, or <see cref="Dialect.AllApplications"/>.</param>
    public void Invalidate(string appId)
    {
        if (appId == Dialect.AllApplications)
        {
            InvalidateAll();
        }

        loaded.TryRemove(appId, out _);
    }

    public void InvalidateAll() => loaded.Clear();

    private Task<Application?> Load(string appId) =>
        database.Read(async db =>
        {
            if (await store.Find(db, appId) is not { } row)
            {
                return null;
            }

            var rows = await signingKeys.ListByApplication(db, appId);
            var active = rows.First(key => key.State == SigningKeyState.Active);
            var bounds = (await limits.Read(db)).ForType(row.Type);
            return new Application(
                row,
                bounds.Cap(SettingsDocument.Read(row.Settings)),
                keys.Open(active),
                active.PublicKey,
                [.. rows.Select(SigningKeys.OpenPublic)],
                [.. (await credentials.Tokens(db, appId, clock.Now())).Select(token => token.Credential)],
                [.. (await credentials.Secrets(db, appId, clock.Now())).Select(secret => secret.Credential)],
                await store.Templates(db, appId)
            )
            {
                RecipientsPerDay = bounds.RecipientsPerDay ?? TypeLimits.Shipped.RecipientsPerDay ?? 0,
                OwnerId = await members.FirstOwner(db, appId),
                Resources = await resources.List(db, appId),
                SlowestHash = await movedIn.SlowestHash(db, appId),
                LegacyServer = LegacyServer.Create(await movedIn.FindLegacyServer(db, appId)),
            };
        });
}
