using System.Net;
using System.Net.Sockets;

namespace Latchkey.Core;

/// <summary>The client's address, behind trusted proxies.</summary>
/// <param name="Address">The address in canonical form, for logs and mails.</param>
/// <param name="Network">The network that rate limits use: an IPv4 address, or the /64 of an IPv6 address, because a client usually has
/// a whole /64.</param>
public sealed record ClientAddress(string Address, string Network)
{
    public static ClientAddress From(IPAddress? remote)
    {
        if (remote is null)
        {
            return new("unknown", "unknown");
        }

        var address = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new(address.ToString(), $"{new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]])}/64")
            : new(address.ToString(), address.ToString());
    }
}
