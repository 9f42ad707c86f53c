using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;

namespace Latchkey.Core;

/// <summary>The client's address, behind trusted proxies, and what it says of itself.</summary>
/// <param name="Address">The address in canonical form, for logs and mails.</param>
/// <param name="Network">The network that rate limits use: an IPv4 address, or the /64 of an IPv6 address, because a client usually has
/// a whole /64.</param>
public sealed record ClientAddress(string Address, string Network)
{
    private const string Slash64 = "/64";
    private const int MaxUserAgentLength = 256;
    private const int MaxDeviceNameLength = 64;

    /// <summary>The header User-Agent as it came; empty for none.</summary>
    [JsonIgnore]
    public string UserAgent { get; init; } = "";

    /// <summary>What the app calls the device; null if it gave no name.</summary>
    [JsonIgnore]
    public string? DeviceName { get; init; }

    /// <summary>The <see cref="UserAgent"/> as it is stored: printable, at most 256 characters.</summary>
    [JsonIgnore]
    public string ShortUserAgent => Strings.Truncate(Strings.Printable(UserAgent), MaxUserAgentLength);

    /// <summary>The <see cref="DeviceName"/> as it is stored: printable, at most 64 characters.</summary>
    [JsonIgnore]
    public string ShortDeviceName => Strings.Truncate(Strings.Printable(DeviceName?.Trim() ?? ""), MaxDeviceNameLength);

    /// <summary>
    /// What shares of an application's or a node's capacity are counted by: an IPv4 address, or the /48 of an IPv6 address, because whoever
    /// rents a server can have 65,536 networks in it.
    /// </summary>
    [JsonIgnore]
    public string Site => SiteOf(Network);

    /// <summary>The <see cref="Site"/> of a <see cref="Network"/>.</summary>
    public static string SiteOf(string network) =>
        network.EndsWith(Slash64, StringComparison.Ordinal) && IPAddress.TryParse(network[..^Slash64.Length], out var address)
            ? $"{new IPAddress([.. address.GetAddressBytes()[..6], .. new byte[10]])}/48"
            : network;

    public static ClientAddress From(IPAddress? remote, string userAgent = "")
    {
        if (remote is null)
        {
            return new("unknown", "unknown") { UserAgent = userAgent };
        }

        var address = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new(address.ToString(), $"{new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]])}/64") { UserAgent = userAgent }
            : new(address.ToString(), address.ToString()) { UserAgent = userAgent };
    }
}
