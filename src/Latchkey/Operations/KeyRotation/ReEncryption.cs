using System.Security.Cryptography;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Operations.KeyRotation;

/// <summary>
/// Re-encrypts everything under the current key, in batches, while nodes run. A row that changes concurrently is skipped, because it
/// was encrypted under the current key. After a crash it continues: finished texts no longer have an old key's prefix.
/// </summary>
public sealed class ReEncryption(Database database, EncryptedColumnStore store, ApplicationStore applications, KeyRing ring)
{
    private const int BatchSize = 200;

    public async Task<ReEncryptionResult> Run()
    {
        var (done, broken) = (0L, new List<string>());
        foreach (var column in EncryptedColumn.All)
        {
            done += await ReEncrypt(column, broken);
        }

        foreach (var application in await database.Read(applications.All))
        {
            done += await ReEncryptSettings(application.Id, broken);
        }

        return new ReEncryptionResult(done, broken);
    }

    private async Task<long> ReEncrypt(EncryptedColumn column, List<string> broken)
    {
        var (done, after) = (0L, new EncryptedText());
        while (true)
        {
            var texts = await database.Read(db => store.ListWithOtherPrefix(db, column, KeyRing.Prefix(ring.CurrentId), after, BatchSize));
            var fresh = texts
                .SelectMany(text =>
                    ReEncrypt(column.Purpose(text.Id), text.Text, $"{column.Table} {text.Id}", broken) is { } renewed
                        ? [(Old: text, New: renewed)]
                        : Array.Empty<(EncryptedText Old, string New)>()
                )
                .ToList();
            done += await database.Write(async db =>
            {
                var replaced = 0;
                foreach (var (old, next) in fresh)
                {
                    replaced += await store.Replace(db, column, old, next) ? 1 : 0;
                }

                return replaced;
            });
            if (texts.Count < BatchSize)
            {
                return done;
            }

            after = texts[^1];
        }
    }

    private Task<int> ReEncryptSettings(string appId, List<string> broken) =>
        database.Write(async db =>
        {
            if (await applications.FindForUpdate(db, appId) is not { } row)
            {
                return 0;
            }

            var fresh = SettingsDocument
                .Secrets(row.Settings)
                .Where(secret => !secret.Value.StartsWith(KeyRing.Prefix(ring.CurrentId), StringComparison.Ordinal))
                .SelectMany(secret =>
                    ReEncrypt(
                        ApplicationEditor.SecretPurpose(appId, secret.Key),
                        secret.Value,
                        $"applications {appId} {secret.Key}",
                        broken
                    )
                        is { } renewed
                        ? [KeyValuePair.Create(secret.Key, renewed)]
                        : Array.Empty<KeyValuePair<string, string>>()
                )
                .ToDictionary(StringComparer.Ordinal);
            if (fresh.Count > 0)
            {
                await applications.Update(db, row with { Settings = SettingsDocument.WithSecrets(row.Settings, fresh) });
            }

            return fresh.Count;
        });

    /// <summary>Null for a text that no key decrypts; it is reported and skipped.</summary>
    private string? ReEncrypt(string purpose, string text, string where, List<string> broken)
    {
        try
        {
            var secret = ring.Open(purpose, text);
            var fresh = ring.Encrypt(purpose, secret);
            CryptographicOperations.ZeroMemory(secret);
            return fresh;
        }
        catch (CryptographicException)
        {
            broken.Add(where);
            return null;
        }
    }
}
