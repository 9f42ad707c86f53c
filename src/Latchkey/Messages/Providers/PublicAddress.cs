using System.Net;

namespace Latchkey.Messages.Providers;

/// <summary>
/// Tells public internet addresses from all others. Not public: IANA's special-purpose registries (RFC 6890,
/// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry) and the addresses of cloud providers'
/// internal services.
/// </summary>
public static class PublicAddress
{
    private static readonly IReadOnlyList<IPNetwork> SpecialPurpose = Networks(
        "0.0.0.0/8", // this network
        "10.0.0.0/8",
        "100.64.0.0/10", // carrier-grade NAT, and one cloud's metadata service
        "127.0.0.0/8",
        "168.63.129.16/32", // a cloud's internal services
        "169.254.0.0/16", // link-local, and most clouds' metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3", // multicast, reserved, broadcast
        "2001::/23", // Teredo among others: embeds an IPv4 address
        "2001:db8::/32",
        "2002::/16", // 6to4: embeds an IPv4 address
        "3fff::/20"
    );

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        var reached = Unwrap(address);
        return (reached.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || GlobalUnicast.Contains(reached))
            && !SpecialPurpose.Any(network => network.Contains(reached));
    }

    /// <summary>The IPv4 address embedded in an IPv4-mapped (RFC 4291) or NAT64 (RFC 6052) address; any other address unchanged.</summary>
    public static IPAddress Unwrap(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : Nat64.Contains(address) ? new IPAddress(address.GetAddressBytes()[12..])
        : address;

    private static IReadOnlyList<IPNetwork> Networks(params string[] networks) => [.. networks.Select(network => IPNetwork.Parse(network))];
}
