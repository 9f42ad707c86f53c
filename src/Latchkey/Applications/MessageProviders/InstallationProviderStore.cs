using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Applications.MessageProviders;

/// <summary>The providers that an operator set, encrypted, in the table installation.</summary>
public sealed class InstallationProviderStore(Dialect dialect)
{
    /// <summary>The row of a channel, and the encryption purpose of its value.</summary>
    public static string NameOf(ProviderChannel channel) => channel == ProviderChannel.Mail ? "mail_provider" : "sms_provider";

    /// <summary>The encrypted settings by <see cref="NameOf"/>.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Read(DbConnection db)
    {
        var (mail, sms) = (NameOf(ProviderChannel.Mail), NameOf(ProviderChannel.Sms));
        var rows = await db.QueryAsync<(string Name, string Value)>(
            "SELECT name, value FROM installation WHERE name IN (@mail, @sms)",
            new { mail, sms }
        );
        return rows.ToDictionary(row => row.Name, row => row.Value, StringComparer.Ordinal);
    }

    public async Task Save(DbConnection db, ProviderChannel channel, string sealedSettings)
    {
        await db.ExecuteAsync(
            "INSERT INTO installation (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = @value",
            new { name = NameOf(channel), value = sealedSettings }
        );
        await dialect.AnnounceChange(db, Dialect.MessageProviders);
    }

    public async Task Delete(DbConnection db, ProviderChannel channel)
    {
        await db.ExecuteAsync("DELETE FROM installation WHERE name = @name", new { name = NameOf(channel) });
        await dialect.AnnounceChange(db, Dialect.MessageProviders);
    }
}
