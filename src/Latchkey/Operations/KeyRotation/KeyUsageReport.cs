using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Operations.KeyRotation;

/// <summary>Reports what each key is still needed for in the current database. Backups may need more keys.</summary>
public sealed class KeyUsageReport(
    Database database,
    EncryptedColumnStore texts,
    KeyUsageStore usages,
    ApplicationStore applications,
    KeyRing ring,
    TimeProvider clock
)
{
    private const string ReEncryptCommand = "latchkey keyring reseal";
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(2);

    public async Task<IReadOnlyList<KeyUsage>> ForKey(RootKey key)
    {
        var uses = new List<KeyUsage>();
        foreach (var column in EncryptedColumn.All)
        {
            uses.Add(
                new(
                    column.Description,
                    (await database.Read(db => texts.CountByKey(db, column))).GetValueOrDefault(key.Id),
                    null,
                    ReEncryptCommand
                )
            );
        }

        var secrets = (await database.Read(applications.All)).SelectMany(app => SettingsDocument.Secrets(app.Settings).Values);
        uses.Add(
            new(
                "provider secrets of applications",
                secrets.LongCount(text => text.StartsWith(KeyRing.Prefix(key.Id), StringComparison.Ordinal)),
                null,
                ReEncryptCommand
            )
        );

        var now = clock.Now();
        var tokens = await database.Read(db => usages.AppTokens(db, key.Id, now));
        uses.Add(new("App Tokens", tokens.Count, tokens.Until, tokens.Until is null ? "latchkey app token renew" : ""));

        uses.AddRange(await RecoveryCodes(key));

        var (from, to) = ActivePeriod(key);
        foreach (var things in KeyUsageStore.Tables)
        {
            var made = await database.Read(db => usages.CountCreatedBetween(db, things, from, to, now));
            uses.Add(new(things.What, made.Count, made.Until, ""));
        }

        return [.. uses.Where(use => use.Count > 0)];
    }

    private async Task<IEnumerable<KeyUsage>> RecoveryCodes(RootKey key)
    {
        const string remedy = "their owners make new ones";
        return
        [
            new("recovery codes of users", await database.Read(db => usages.UserRecoveryCodes(db, key.Id)), null, remedy),
            new("recovery codes of portal accounts", await database.Read(db => usages.RecoveryCodes(db, key.Id)), null, remedy),
        ];
    }

    /// <summary>The time in which nodes may have signed and hashed with a key, with a margin for different clocks.</summary>
    private (long From, long To) ActivePeriod(RootKey key)
    {
        var keys = ring.Keys;
        var (oldest, next) = (keys[^1].Id == key.Id, keys.LastOrDefault(other => string.CompareOrdinal(other.Id, key.Id) > 0));
        return (
            oldest ? 0 : (key.ActiveFrom - MaxClockSkew).ToUnixTimeMilliseconds(),
            next is null ? long.MaxValue : (next.ActiveFrom + MaxClockSkew).ToUnixTimeMilliseconds()
        );
    }
}
