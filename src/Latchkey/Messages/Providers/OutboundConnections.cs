using System.Net;
using System.Net.Sockets;
using Latchkey.Core.Configuration;

namespace Latchkey.Messages.Providers;

/// <summary>
/// Opens connections to providers. A host chosen by a developer is allowed only when all of its addresses are public or in a network
/// the operator allows. The connection uses the checked addresses, so DNS rebinding has no effect.
/// </summary>
/// <param name="lookUp">Resolves a host name; the system's resolver by default.</param>
public sealed class OutboundConnections(
    InstallationSettings installation,
    Func<string, CancellationToken, Task<IPAddress[]>>? lookUp = null
)
{
    private const int MaxHostLength = 255;

    /// <exception cref="AddressNotAllowedException">A developer's host has an address that is not allowed.</exception>
    /// <exception cref="SocketException">The name does not resolve, or the connection failed.</exception>
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
