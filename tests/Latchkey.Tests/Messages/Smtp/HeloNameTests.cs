using System.Net;
using System.Net.Sockets;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Mail;

namespace Latchkey.Tests.Messages.Smtp;

/// <summary>The name that mail servers are told: always one that a server which asks for a full name takes.</summary>
public sealed class HeloNameTests(ServerFixture servers)
{
    private static readonly Uri PublicUrl = new("https://auth.example.com");

    [Fact]
    public async Task The_setting_comes_first()
    {
        (await Name(new() { SmtpHelo = "out.example.com", ConfiguredPublicUrl = PublicUrl }, "machine.example.net")).ShouldBe(
            "out.example.com"
        );
    }

    [Fact]
    public async Task Then_the_machines_full_name()
    {
        (await Name(new() { ConfiguredPublicUrl = PublicUrl }, "machine.example.net")).ShouldBe("machine.example.net");
    }

    [Theory]
    [InlineData("machine")]
    [InlineData("localhost.localdomain")]
    [InlineData("app_1.example.net")]
    [InlineData("10.0.0.1")]
    public async Task Then_the_public_hosts(string machine)
    {
        (await Name(new() { ConfiguredPublicUrl = PublicUrl }, machine)).ShouldBe("auth.example.com");
    }

    [Theory]
    [InlineData("192.0.2.1", "[192.0.2.1]")]
    [InlineData("::ffff:192.0.2.1", "[192.0.2.1]")]
    [InlineData("2001:db8::1", "[IPv6:2001:db8::1]")]
    [InlineData("fe80::1%1", "[IPv6:fe80::1]")]
    public async Task Then_the_address_of_the_connection(string local, string name)
    {
        (await Name(new(), "machine", local)).ShouldBe(name);
        (await Name(new() { ConfiguredPublicUrl = new("https://192.0.2.7") }, "machine", local)).ShouldBe(name);
    }

    [Fact]
    public async Task A_machine_whose_name_has_no_address_is_no_failure()
    {
        var helo = new HeloName(new() { ConfiguredPublicUrl = PublicUrl }, () => throw new SocketException((int)SocketError.HostNotFound));
        (await helo.ForConnection(IPAddress.Loopback, TestContext.Current.CancellationToken)).ShouldBe("auth.example.com");
    }

    [Theory]
    [InlineData("machine")]
    [InlineData("a.example\r\nRSET")]
    [InlineData("[here]")]
    public async Task A_setting_that_is_no_full_name_stops_the_start(string name)
    {
        await using var server = ServerProcess.Launch(await servers.NewInstallation(), environment: [("LATCHKEY_SMTP_HELO", name)]);
        await WaitUntil.IsTrue(
            "it says so",
            () => Task.FromResult(server.Log.Any(line => line.Contains("LATCHKEY_SMTP_HELO is ", StringComparison.Ordinal)))
        );
    }

    private static Task<string> Name(InstallationSettings installation, string machine, string local = "127.0.0.1") =>
        new HeloName(installation, () => Task.FromResult(machine)).ForConnection(
            IPAddress.Parse(local),
            TestContext.Current.CancellationToken
        );
}
