using Dapper;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider.Clients;

/// <summary>Registers clients as the rules have it, not past them as <see cref="ProviderApp.AddClient"/> does.</summary>
internal static class ClientAdministration
{
    public static readonly Actor Tester = new("tester", "");

    public static async Task<Result<CreatedClient>> Register(
        this App app,
        ClientType type,
        params (string Name, string Value)[] settings
    ) =>
        await (await app.Installation.Get<ClientRules>()).Create(
            app.Id,
            type,
            "Harbour",
            settings.ToDictionary(one => one.Name, one => one.Value),
            Tester
        );

    public static async Task<Result<Client>> Change(this App app, string clientId, params (string Name, string Value)[] settings) =>
        await (await app.Installation.Get<ClientRules>()).Change(
            app.Id,
            clientId,
            settings.ToDictionary(one => one.Name, one => one.Value),
            Tester
        );

    public static async Task<int> CountClients(this App app) =>
        (int)await app.Installation.Query<long>("SELECT COUNT(*) FROM clients WHERE app_id = @Id", new { app.Id });

    /// <summary>Refused with 602 and a sentence that holds this, and nothing was stored.</summary>
    public static async Task ShouldRefuse(this App app, Result<CreatedClient> result, string because)
    {
        result.Error.ShouldNotBeNull().Code.ShouldBe(602);
        result.Error.Message.ShouldContain(because, Case.Insensitive);
        (await app.CountClients()).ShouldBe(0);
    }

    /// <summary>What the application's log says of an action, the newest first.</summary>
    public static async Task<IReadOnlyList<string>> Log(this App app, string action)
    {
        await app.WaitForDeferredWork();
        return await (await app.Installation.Get<Database>()).Read<IReadOnlyList<string>>(async db =>
            [
                .. await db.QueryAsync<string>(
                    "SELECT actor || ': ' || detail FROM audit WHERE app_id = @Id AND action = @action ORDER BY id DESC",
                    new { app.Id, action }
                ),
            ]
        );
    }
}
