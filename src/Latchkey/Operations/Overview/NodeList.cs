using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Operations.Overview;

/// <summary>The servers of the installation that gave a sign of life within the last hour.</summary>
public sealed class NodeList(Database database, NodeStore store, TimeProvider clock)
{
    /// <summary>The one that has run longest first.</summary>
    public async Task<IReadOnlyList<NodeState>> Read()
    {
        var (nodes, lost) = (await database.Read(store.List), clock.Now() - (long)NodeWorker.LostAfter.TotalMilliseconds);
        var newest = nodes.Select(node => node.Version).Max(VersionOrder.Instance);
        return [.. nodes.Select(node => new NodeState(node, node.SeenAt < lost, VersionOrder.Instance.Compare(node.Version, newest) < 0))];
    }
}
