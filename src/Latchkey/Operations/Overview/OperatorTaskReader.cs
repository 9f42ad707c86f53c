using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Operations.Overview;

/// <summary>What waits for the operator, for the badges of a page: read once for each request, so that an answer counts at once.</summary>
public sealed class OperatorTaskReader(
    Database database,
    InstallationOverviewStore store,
    InstallationSettings installation,
    TimeProvider clock
)
{
    private Task<OperatorTasks>? tasks;

    public Task<OperatorTasks> Read() => tasks ??= ReadNow();

    private async Task<OperatorTasks> ReadNow()
    {
        var waiting = await database.Read(db => store.ReadTasks(db, clock.Now()));
        return installation.Billing is null ? waiting with { OverdueInvoices = 0 } : waiting;
    }
}
