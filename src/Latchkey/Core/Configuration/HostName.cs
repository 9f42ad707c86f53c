using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Core.Configuration;

/// <summary>Host names as in SMTP (RFC 5321, 2.3.5 and 4.1.3).</summary>
public static class HostName
{
    private const string IPv6Prefix = "[IPv6:";
    private static readonly string[] LocalDomains = ["localhost", "localdomain"];

    /// <summary>Whether it is a fully qualified domain name; <c>localhost.localdomain</c> is not, because it differs per machine.</summary>
    public static bool IsFull(string name) =>
        name.Contains('.', StringComparison.Ordinal)
        && !name.Contains('_', StringComparison.Ordinal)
        && Ascii.IsValid(name)
        && Uri.CheckHostName(name) == UriHostNameType.Dns
        && !LocalDomains.Contains(name.TrimEnd('.').Split('.')[^1], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it is an address literal: <c>[192.0.2.1]</c> or <c>[IPv6:2001:db8::1]</c>.</summary>
    public static bool IsAddressLiteral(string text) =>
        text is ['[', .., ']']
        && (
            text.StartsWith(IPv6Prefix, StringComparison.Ordinal)
                ? IPAddress.TryParse(text[IPv6Prefix.Length..^1], out var six) && six.AddressFamily == AddressFamily.InterNetworkV6
                : IPAddress.TryParse(text[1..^1], out var four) && four.AddressFamily == AddressFamily.InterNetwork
        );

    public static string AddressLiteral(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? $"[{address.MapToIPv4()}]"
        : address.AddressFamily == AddressFamily.InterNetwork ? $"[{address}]"
        : $"{IPv6Prefix}{new IPAddress(address.GetAddressBytes())}]"; // without its scope id
}
