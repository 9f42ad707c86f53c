using System.Net;
using Latchkey.Contract;

namespace Latchkey.Tests.Limits;

public sealed class Networks
{
    [Theory]
    [InlineData("2001:db8:1:2::1")]
    [InlineData("2001:0db8:0001:0002:ffff:ffff:ffff:ffff")]
    [InlineData("2001:DB8:1:2:0:0:0:1")]
    [InlineData("2001:db8:1:2:1::")]
    [InlineData("2001:db8:1:2::192.0.2.1")]
    public void All_addresses_of_a_64_are_one(string address) =>
        ClientAddress.Of(IPAddress.Parse(address)).Network.ShouldBe("2001:db8:1:2::/64");

    [Fact]
    public void A_thousand_addresses_of_a_64_are_one_bucket() =>
        Enumerable.Range(0, 1000).Select(i => ClientAddress.Of(IPAddress.Parse($"2001:db8:1:2:{i:x}::{i:x}")).Network).Distinct().Count().ShouldBe(1);

    [Fact]
    public void The_next_64_is_another() =>
        ClientAddress.Of(IPAddress.Parse("2001:db8:1:3::1")).Network.ShouldNotBe(ClientAddress.Of(IPAddress.Parse("2001:db8:1:2::1")).Network);

    [Fact]
    public void A_mapped_address_is_the_IPv4_one() =>
        ClientAddress.Of(IPAddress.Parse("::ffff:192.0.2.1")).ShouldBe(ClientAddress.Of(IPAddress.Parse("192.0.2.1")));

    [Fact]
    public void An_IPv4_address_is_its_own_network() => ClientAddress.Of(IPAddress.Parse("192.0.2.1")).Network.ShouldBe("192.0.2.1");
}
