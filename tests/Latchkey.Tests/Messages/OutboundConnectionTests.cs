using System.Net;
using System.Net.Sockets;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Mail;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;

namespace Latchkey.Tests.Messages;

/// <summary>Developers' hosts that are not on the public internet: refused, and not a single connection made.</summary>
public sealed class OutboundConnectionTests
{
    /// <summary>Ways to write addresses of this machine; all of them lead to a listener of the test.</summary>
    private static readonly string[] Loopback =
    [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0X7F000001",
        "0x7f.1",
        "0x7f.0.1",
        "0x7f.0.0.1",
        "0x7f.0x0.0x0.0x1",
        "017700000001",
        "0177.1",
        "0177.0.1",
        "0177.0.0.1",
        "0177.0.0.01",
        "0000177.0.0.1",
        "127.0x0.1",
        "127.0.0x1",
        "127.00.00.01",
        "127.0.0.001",
        "localhost",
        "LOCALHOST",
        "LocalHost",
        "::1",
        "0::1",
        "::0:1",
        "0:0:0:0:0:0:0:1",
        "0000:0000:0000:0000:0000:0000:0000:0001",
        "0:0::0:1",
        "::0.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "::FFFF:7F00:0001",
        "0:0:0:0:0:ffff:127.0.0.1",
        "0:0:0:0:0:ffff:7f00:1",
        "::ffff:127.0.0.1%1",
        "::1%1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "0",
        "0x0",
        "00.0.0.0",
        "::",
        "0::0",
        "::ffff:0.0.0.0",
        "::ffff:0:0",
    ];

    /// <summary>Addresses elsewhere that are nobody's business, and ways to reach an IPv4 address through IPv6.</summary>
    private static readonly string[] Elsewhere =
    [
        "127.0.0.2",
        "127.255.255.254",
        "127.8.8.8",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "0xa.1",
        "012.0.0.1",
        "167772161",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "192.168.1.1",
        "3232235521",
        "0xc0a80001",
        "192.168.1",
        "169.254.169.254",
        "169.254.0.1",
        "2852039166",
        "0xa9fea9fe",
        "0xa9.0xfe.0xa9.0xfe",
        "0251.0376.0251.0376",
        "169.254.43518",
        "169.16689662",
        "168.63.129.16",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.254",
        "192.0.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:a9fe:a9fe",
        "::ffff:192.168.0.1",
        "::ffff:100.64.0.1",
        "::10.0.0.1",
        "::169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::10.0.0.1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "2002:c0a8:1::1",
        "2001:0:7f00:1::",
        "2001:10::1",
        "fe80::1",
        "fe80::1%1",
        "febf::1",
        "fec0::1",
        "fc00::1",
        "fd00::1",
        "fd00:ec2::254",
        "fdff:ffff::1",
        "ff02::1",
        "ff0e::1",
        "100::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1",
        "4000::1",
    ];

    public static TheoryData<string> PublicAddresses =>
        [
            "8.8.8.8",
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.167.255.255",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450:4001::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ];

    [Fact]
    public async Task A_hundred_forms_of_inner_addresses_are_refused_without_a_connection()
    {
        await using var listening = new CountingListener();
        foreach (var host in Loopback.Concat(Elsewhere))
        {
            (await BySmtp(host, listening.Port)).ShouldContain("not on the public internet", customMessage: host);
            (await ByWebhook(host, listening.Port)).ShouldContain("not on the public internet", customMessage: host);
        }

        listening.Connections.ShouldBe(0);
        (Loopback.Length + Elsewhere.Length).ShouldBeGreaterThanOrEqualTo(100);
        TestScale.RecordFigure(
            55,
            $"{Loopback.Length + Elsewhere.Length} forms by SMTP and by webhook, {listening.Connections} connections"
        );
    }

    [Fact]
    public async Task Where_the_operator_allows_the_network_the_same_forms_connect()
    {
        await using var listening = new CountingListener();
        string[] forms = ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "::1", "::ffff:127.0.0.1"];
        foreach (var host in forms)
        {
            (await BySmtp(host, listening.Port, "127.0.0.0/8", "::1/128")).ShouldNotContain(
                "not on the public internet",
                customMessage: host
            );
        }

        listening.Connections.ShouldBe(forms.Length);
    }

    [Theory]
    [MemberData(nameof(PublicAddresses))]
    public void Public_addresses_are_public(string address) => PublicAddress.IsPublic(IPAddress.Parse(address)).ShouldBeTrue();

    [Fact]
    public async Task A_name_with_one_inner_address_among_its_addresses_is_refused()
    {
        await using var listening = new CountingListener();
        var connections = new OutboundConnections(
            new InstallationSettings(),
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Loopback])
        );
        await Should.ThrowAsync<AddressNotAllowedException>(() =>
            connections.Connect("both.example", listening.Port, isDeveloperHost: true, TestContext.Current.CancellationToken)
        );
        listening.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_answer_of_the_name_server_is_never_asked_for()
    {
        await using var inner = new CountingListener();
        using var allowed = new TcpListener(IPAddress.Parse("127.0.0.2"), inner.Port);
        allowed.Start();
        var asked = 0;
        var connections = new OutboundConnections(
            Allowing("127.0.0.2/32"),
            (_, _) => Task.FromResult<IPAddress[]>([asked++ == 0 ? IPAddress.Parse("127.0.0.2") : IPAddress.Loopback])
        );
        await using (
            var connected = await connections.Connect(
                "rebinding.example",
                inner.Port,
                isDeveloperHost: true,
                TestContext.Current.CancellationToken
            )
        )
        {
            ((IPEndPoint)connected.Socket.RemoteEndPoint!).Address.MapToIPv4().ShouldBe(IPAddress.Parse("127.0.0.2"));
        }

        asked.ShouldBe(1);
        await Should.ThrowAsync<AddressNotAllowedException>(() =>
            connections.Connect("rebinding.example", inner.Port, isDeveloperHost: true, TestContext.Current.CancellationToken)
        );
        inner.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task A_redirect_to_an_inner_address_is_not_followed()
    {
        await using var inner = new CountingListener();
        await using var hook = new CountingListener(
            "127.0.0.2",
            $"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:{inner.Port}/\r\nContent-Length: 0\r\n\r\n"
        );
        (await ByWebhook("127.0.0.2", hook.Port, "127.0.0.2/32")).ShouldStartWith("307");
        (hook.Connections, inner.Connections).ShouldBe((1, 0));
    }

    [Fact]
    public async Task What_the_operator_chose_is_not_judged()
    {
        await using var listening = new CountingListener();
        await using var connected = await new OutboundConnections(new InstallationSettings()).Connect(
            "127.0.0.1",
            listening.Port,
            isDeveloperHost: false,
            TestContext.Current.CancellationToken
        );
        await WaitUntil.IsTrue("the connection is taken", () => Task.FromResult(listening.Connections == 1));
    }

    private static async Task<string> BySmtp(string host, int port, params string[] allowed)
    {
        var sender = new SmtpSender(
            new OutboundConnections(Allowing(allowed)),
            new HeloName(new InstallationSettings()),
            TimeProvider.System
        );
        return (
            await sender.Send(
                new SmtpServer(host, port, SmtpSecurity.None, "demo@example.com") { IsDeveloperHost = true },
                Message(),
                TestContext.Current.CancellationToken
            )
        ).Answer;
    }

    private static async Task<string> ByWebhook(string host, int port, params string[] allowed)
    {
        using var http = new HttpDelivery(new OutboundConnections(Allowing(allowed)));
        var name = host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host.Split('%')[0]}]" : host;
        return (
            await new WebhookSender(http, TimeProvider.System).Send(
                new Webhook(new Uri($"http://{name}:{port}/"), "secret") { IsDeveloperHost = true },
                Message(),
                TestContext.Current.CancellationToken
            )
        ).Answer;
    }

    private static InstallationSettings Allowing(params string[] networks) =>
        new() { OutboundNetworks = [.. networks.Select(network => IPNetwork.Parse(network))] };

    private static OutgoingMessage Message() =>
        new("1", "email", "test", "app", "Demo", "ann@example.com", new MessageBody("Subject", "text", "<p>html</p>", null, null));
}
