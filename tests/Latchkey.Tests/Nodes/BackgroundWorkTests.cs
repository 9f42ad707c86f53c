using Latchkey.Activity.Usage;
using Latchkey.Applications;
using Latchkey.Operations.Erasure;
using Latchkey.Tests.Messages;

namespace Latchkey.Tests.Nodes;

/// <summary>Background work that two processes share: each piece is done once.</summary>
public sealed class BackgroundWorkTests(ServerFixture servers)
{
    private static readonly int Messages = TestScale.Size(200, 2000);
    private static readonly int Users = TestScale.Size(3000, 30_000);

    [Fact]
    public async Task Two_nodes_send_each_message_once_and_count_everything_once()
    {
        var installation = await servers.NewInstallation();
        await using var smtp = await SmtpServerProcess.Start(FreePort.Find());
        (string, string)[] provider =
        [
            ("LATCHKEY_SMTP_HOST", "127.0.0.1"),
            ("LATCHKEY_SMTP_PORT", $"{smtp.Port}"),
            ("LATCHKEY_SMTP_SECURITY", "none"),
            ("LATCHKEY_SMTP_FROM", "demo@sender.example"),
        ];
        ServerProcess[] nodes =
        [
            await servers.StartOn(installation, ["--limits", "off"], provider),
            await servers.StartOn(installation, ["--limits", "off"], provider),
        ];
        var app = await nodes[0].CreateApp();
        var next = -1;
        await AppFlows.SendInParallel(
            8,
            async _ =>
            {
                var last = new Reply(System.Net.HttpStatusCode.OK, "", new Dictionary<string, string>());
                while (Interlocked.Increment(ref next) is var i && i < Messages)
                {
                    last = await (app with { Server = nodes[i % 2] }).Signup($"user{i}@example.com");
                    last.ShouldBeTrue();
                }

                return last;
            }
        );
        await WaitUntil.IsTrue(
            "all are sent",
            async () => await installation.Query<long>("SELECT COUNT(*) FROM messages WHERE status = 'sent'") == Messages,
            TimeSpan.FromMinutes(5)
        );
        var recipients = smtp.Messages.Select(message => message.GetProperty("recipients")[0].GetString()!).ToList();
        recipients
            .Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, Messages).Select(i => $"user{i}@example.com").Order(StringComparer.Ordinal));
        (await installation.Query<long>("SELECT MAX(attempts) FROM messages")).ShouldBe(1);
        await WaitUntil.IsTrue("all are counted", async () => await installation.Query<long>("SELECT COUNT(*) FROM usage_events") == 0);
        (
            await installation.Query<long>(
                "SELECT SUM(count) FROM usage_days WHERE app_id = @Id AND kind = @kind",
                new { app.Id, kind = UsageKind.Mail }
            )
        ).ShouldBe(Messages);
        TestScale.RecordFigure(56, $"two nodes send {Messages} mails: each once");
    }

    [Fact]
    public async Task Two_nodes_share_jobs_and_finish_each_once()
    {
        var installation = await servers.NewInstallation();
        ServerProcess[] nodes =
        [
            await servers.StartOn(installation, ["--limits", "off"]),
            await servers.StartOn(installation, ["--limits", "off"]),
        ];
        var apps = new[] { await nodes[0].CreateApp("signupFlow=none"), await nodes[1].CreateApp("signupFlow=none") };
        var rules = await installation.Get<DeletionRules>();
        foreach (var app in apps)
        {
            await Fill(app);
            (
                await rules.Reset(app.Id, "Demo", new ChangeContext(new("owner@example.com", "127.0.0.1"), Role.Owner))
            ).Succeeded.ShouldBeTrue();
        }

        await WaitUntil.IsTrue(
            "both are reset",
            async () => await installation.Query<long>("SELECT COUNT(*) FROM jobs WHERE state = 'done'") == 2,
            TimeSpan.FromMinutes(2)
        );
        (await installation.Query<long>("SELECT COUNT(*) FROM users")).ShouldBe(0);
        (await installation.Query<long>("SELECT SUM(done) FROM jobs")).ShouldBeGreaterThanOrEqualTo(2 * Users);
        foreach (var node in nodes)
        {
            node.Log.FirstOrDefault(line => line.Contains("\"Error\"")).ShouldBeNull();
        }
    }

    private static Task Fill(App app) =>
        app.Installation.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @Users)
            INSERT INTO users (id, app_id, handle, handle_key, anonymous, origin, status, locale, email_verified, password_prehashed,
              metadata,
              invite_metadata, login_provider,
              two_factor_google, two_factor_phone, totp_last_step, failed_logins, created_at, updated_at)
            SELECT @Id || i, @Id, 'user' || i || '@example.com', 'user' || i || '@example.com',
              FALSE, 'import', 'active', 'EN', TRUE, FALSE, '{}', '{}', '', FALSE,
              FALSE, 0, 0, i, i FROM n
            """,
            new { app.Id, Users }
        );
}
