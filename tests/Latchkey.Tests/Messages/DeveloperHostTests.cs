using Latchkey.Tests.Messages.Providers;

namespace Latchkey.Tests.Messages;

/// <summary>
/// A server as operators run it, without networks that it may reach: what developers set, and the buttons that try it out.
/// </summary>
public sealed class DeveloperHostTests(ServerFixture servers)
{
    private const string Refused = "not on the public internet";

    [Fact]
    public async Task An_applications_mail_server_and_webhook_on_loopback_get_no_connection()
    {
        await using var inner = new CountingListener();
        var server = await Start();
        App[] apps =
        [
            await server.CreateApp(Smtp("127.0.0.1", inner.Port)),
            await server.CreateApp(Smtp("localhost", inner.Port)),
            await server.CreateApp(Hook($"http://127.0.0.1:{inner.Port}/")),
            await server.CreateApp(Hook($"https://[::1]:{inner.Port}/")),
        ];
        foreach (var app in apps)
        {
            (await app.Signup("ann@example.com")).ShouldBeTrue();
            await WaitUntil.IsTrue(
                "the attempt is refused",
                async () =>
                    (await app.Installation.Query<string?>("SELECT answer FROM messages WHERE app_id = @Id", new { app.Id }))?.Contains(
                        Refused,
                        StringComparison.Ordinal
                    ) == true
            );
        }

        inner.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task The_portals_test_button_makes_no_connection_either()
    {
        await using var inner = new CountingListener();
        var server = await Start();
        foreach (var settings in new[] { Smtp("127.0.0.1", inner.Port), Hook($"http://0x7f.1:{inner.Port}/") })
        {
            var app = await server.CreateApp(settings);
            using var ada = await PortalVisitor.Member(app, "editor");
            (
                await ada.SubmitAndFollow(
                    $"/portal/applications/{app.Id}/settings/messages",
                    "test-email",
                    ("testAddress", "una@example.com")
                )
            )
                .Text("#test-email .notice.bad")
                .ShouldContain(Refused);
        }

        inner.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task The_operators_own_provider_may_be_anywhere()
    {
        await using var standIn = await FakeProviders.Start();
        var server = await Start(
            ("LATCHKEY_WEBHOOK_URL", standIn.WebhookUrl.AbsoluteUri),
            ("LATCHKEY_WEBHOOK_SECRET", FakeProviders.HookSecret)
        );
        (await (await server.CreateApp()).Signup("ann@example.com")).ShouldBeTrue();
        await WaitUntil.IsTrue("it takes the mail", () => Task.FromResult(standIn.Received.Any(mail => mail.To == "ann@example.com")));
    }

    [Fact]
    public async Task A_network_that_is_none_stops_the_start()
    {
        var server = ServerProcess.Launch(await servers.NewInstallation(), environment: [("LATCHKEY_OUTBOUND_NETWORKS", "10.0.0.0/99")]);
        await using (server)
        {
            await WaitUntil.IsTrue(
                "it says so",
                () =>
                    Task.FromResult(
                        server.Log.Any(line =>
                            line.Contains(
                                "10.0.0.0/99 in LATCHKEY_OUTBOUND_NETWORKS is neither an address nor a network",
                                StringComparison.Ordinal
                            )
                        )
                    )
            );
        }
    }

    /// <summary>A network for documentation (RFC 5737 §3).</summary>
    private const string Nowhere = "192.0.2.0/24";

    private async Task<ServerProcess> Start(params (string Name, string Value)[] environment) =>
        await servers.StartOn(
            await servers.NewInstallation(),
            ["--limits", "off"],
            [("LATCHKEY_OUTBOUND_NETWORKS", Nowhere), .. environment]
        );

    private static string[] Smtp(string host, int port) =>
        ["emailExtension=1", "mailProvider=smtp", "mailFrom=demo@example.com", $"smtpHost={host}", $"smtpPort={port}", "smtpSecurity=none"];

    private static string[] Hook(string url) => ["emailExtension=1", "mailProvider=webhook", $"webhookUrl={url}", "webhookSecret=secret"];
}
