using System.Net;
using System.Net.Sockets;

namespace Latchkey.Core;

/// <summary>Where a request came from, after trusted proxies.</summary>
/// <param name="Address">The address in its one canonical spelling, for the log and for mails.</param>
/// <param name="Network">What limits count by: an IPv4 address, or the /64 of an IPv6 one, since a client owns all of it.</param>
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
