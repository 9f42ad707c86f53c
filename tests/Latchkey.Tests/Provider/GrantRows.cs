using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>What tests look at in the tables, and change there.</summary>
internal static class GrantRows
{
    public static Task<long> LiveGrants(this ProviderClient client) =>
        client.Provider.Installation.Query<long>(
            "SELECT COUNT(*) FROM session_grants WHERE app_id = @AppId AND client = @Id AND ended_at IS NULL",
            new { AppId = client.Provider.Id, client.Id }
        );

    /// <summary>The live sessions of the whole application.</summary>
    public static Task<long> LiveSessions(this ProviderApp provider) =>
        provider.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE app_id = @Id AND ended_at IS NULL", new { provider.Id });

    /// <summary>Lets a time pass for the rows of grants.</summary>
    public static Task Age(this ProviderApp provider, TimeSpan time) =>
        provider.Installation.Execute(
            "UPDATE session_grants SET created_at = created_at - @ms, expires_at = expires_at - @ms WHERE app_id = @Id",
            new { ms = (long)time.TotalMilliseconds, provider.Id }
        );

    /// <summary>Changes the settings of a client. Its row of the test stays as it was.</summary>
    public static async Task Change(this ProviderClient client, Func<ClientSettings, ClientSettings> change)
    {
        var (store, database) = (await client.Provider.Installation.Get<ClientStore>(), await client.Provider.Installation.Get<Database>());
        await database.Write(db => store.Update(db, client.Row with { Settings = change(client.Row.Settings) }));
    }
}
