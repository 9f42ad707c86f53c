using System.Net;
using System.Net.Sockets;
using Latchkey.Core.Configuration;

namespace Latchkey.Messages.Providers;

/// <summary>
/// Connects to providers. A host that a developer chose is connected to only when all of its addresses are public or in a network
/// that the operator allows; and it is these very addresses that are connected to, so no second answer of its name server counts.
/// </summary>
/// <param name="lookUp">Finds the addresses of a name; the system's resolver unless something else is given.</param>
public sealed class OutboundConnections(
    InstallationSettings installation,
    Func<string, CancellationToken, Task<IPAddress[]>>? lookUp = null
)
{
    private const int MaxHostLength = 255;

    /// <exception cref="AddressNotAllowedException">A developer's host is where it may not be.</exception>
    /// <exception cref="SocketException">The name has no address, or nobody answers there.</exception>
    public async Task<NetworkStream> Connect(string host, int port, bool isDeveloperHost, CancellationToken stop)
    {
        var addresses = await Resolve(host, stop);
        if (isDeveloperHost && !addresses.All(IsAllowed))
        {
            throw new AddressNotAllowedException(host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> Resolve(string host, CancellationToken stop)
    {
        var addresses =
            host.Length is 0 or > MaxHostLength ? []
            : IPAddress.TryParse(host, out var literal) ? [literal]
            : await (lookUp ?? Dns.GetHostAddressesAsync)(host, stop);
        return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
    }

    private bool IsAllowed(IPAddress address) =>
        PublicAddress.IsPublic(address)
        || installation.OutboundNetworks.Any(network => network.Contains(address) || network.Contains(PublicAddress.Unwrap(address)));
}
