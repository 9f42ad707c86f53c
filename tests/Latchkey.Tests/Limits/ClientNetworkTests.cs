using System.Net;
using Latchkey.Core;

namespace Latchkey.Tests.Limits;

/// <summary>What counts as one network: an IPv4 address, or an IPv6 /64, however it is written (security.md row 4).</summary>
public sealed class ClientNetworkTests(ServerFixture servers)
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:aa:bb:cc::1", "2001:db8:aa:bb::/64", "2001:db8:aa::/48")]
    public void Shares_are_counted_by_site(string address, string network, string site)
    {
        var client = ClientAddress.From(IPAddress.Parse(address));
        (client.Network, client.Site, ClientAddress.SiteOf(client.Network)).ShouldBe((network, site, site));
    }

    [Fact]
    public async Task A_thousand_addresses_of_a_64_written_in_eight_ways_have_five_tries_together()
    {
        var (server, times) = (
            await servers.StartOn(await servers.NewInstallation(), environment: [("LATCHKEY_PROXIES", "127.0.0.0/8")]),
            TestScale.Size(80, 1_000)
        );
        var app = await server.CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.CreateUser("ann@example.com");
        var evaluated = 0;
        await Parallel.ForAsync(
            0,
            times,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) =>
            {
                if (await From(Written(i)) is { Code: 600 })
                {
                    Interlocked.Increment(ref evaluated);
                }
            }
        );
        evaluated.ShouldBe(5);
        (await From("2001:db8:aa:bc::1")).ShouldFailWith(600);
        (
            await app.Installation.Query<string>(
                "SELECT client FROM audit WHERE app_id = @Id AND action = 'login' ORDER BY at DESC, id DESC LIMIT 1",
                new { app.Id }
            )
        ).ShouldBe("2001:db8:aa:bc::1");
        TestScale.RecordFigure(4, $"{times:N0} addresses of one /64 in 8 spellings, {evaluated} evaluated");

        Task<Reply> From(string address) =>
            app.Post("login", new { handle = "ann@example.com", password = "a wrong password" }, ("X-Forwarded-For", address));
    }

    /// <summary>An address of 2001:db8:aa:bb::/64, in one of eight spellings.</summary>
    private static string Written(int i)
    {
        var (high, low) = ((i * 37) & 0xffff, i & 0xffff);
        var shortest = IPAddress.Parse($"2001:db8:aa:bb:{high:x}::{low:x}").ToString();
        return (i % 8) switch
        {
            0 => shortest,
            1 => shortest.ToUpperInvariant(),
            2 => $"2001:0db8:00aa:00bb:{high:x4}:0000:0000:{low:x4}",
            3 => $"2001:0DB8:00AA:00BB:{high:X4}:0000:0000:{low:X4}",
            4 => $"2001:db8:aa:bb:{high:x}:0:0:{low:x}",
            5 => $"[{shortest}]",
            6 => $"[{shortest}]:{1000 + i}",
            _ => $"2001:db8:aa:bb:{high:x}:0:192.0.{low / 256}.{low % 256}",
        };
    }

    [Theory]
    [InlineData("2001:db8:1:2::1")]
    [InlineData("2001:0db8:0001:0002:ffff:ffff:ffff:ffff")]
    [InlineData("2001:DB8:1:2:0:0:0:1")]
    [InlineData("2001:db8:1:2:1::")]
    [InlineData("2001:db8:1:2::192.0.2.1")]
    public void All_addresses_of_a_64_are_one(string address) =>
        ClientAddress.From(IPAddress.Parse(address)).Network.ShouldBe("2001:db8:1:2::/64");

    [Fact]
    public void A_thousand_addresses_of_a_64_are_one_bucket() =>
        Enumerable
            .Range(0, 1000)
            .Select(i => ClientAddress.From(IPAddress.Parse($"2001:db8:1:2:{i:x}::{i:x}")).Network)
            .Distinct()
            .Count()
            .ShouldBe(1);

    [Fact]
    public void The_next_64_is_another() =>
        ClientAddress
            .From(IPAddress.Parse("2001:db8:1:3::1"))
            .Network.ShouldNotBe(ClientAddress.From(IPAddress.Parse("2001:db8:1:2::1")).Network);

    [Fact]
    public void A_mapped_address_is_the_IPv4_one() =>
        ClientAddress.From(IPAddress.Parse("::ffff:192.0.2.1")).ShouldBe(ClientAddress.From(IPAddress.Parse("192.0.2.1")));

    [Fact]
    public void An_IPv4_address_is_its_own_network() => ClientAddress.From(IPAddress.Parse("192.0.2.1")).Network.ShouldBe("192.0.2.1");
}
