using System.Net;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Domains;
using Latchkey.Core.Configuration;
using Latchkey.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Tests.Applications;

/// <summary>Domains that developers ask for: the proof in DNS, the operator's answer, and who is told.</summary>
public sealed class DomainRequestTests(ServerFixture servers)
{
    private static readonly Actor Developer = new("dev@example.com", "127.0.0.1");
    private static readonly Actor Operator = new("op@example.com", "127.0.0.1");

    [Fact]
    public async Task A_developer_asks_proves_and_gets_a_domain_in_the_portal()
    {
        await using var dns = new DnsServer();
        var server = await servers.StartOn(await servers.NewInstallation(), environment: [("LATCHKEY_DNS_SERVERS", $"{dns.Address}")]);
        var app = await server.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        using var ada = await PortalVisitor.Operator(server);
        var (host, list) = ("auth.shop.example", $"/portal/applications/{app.Id}/domains");

        (await editor.Submit(list, "ask", ("domain", "https://x"))).Text("#field-domain-error").ShouldContain("host name");
        var asked = await editor.Submit(list, "ask", ("domain", " AUTH.Shop.example. "));
        asked.Location.ShouldEndWith($"{list}/{host}");
        var page = await editor.Get(asked.Location);
        page.Text("#copy-record-name").ShouldBe($"_latchkey.{host}");
        var text = page.Text("#copy-record-text");
        text.ShouldStartWith("latchkey=");
        (await editor.SubmitAndFollow(asked.Location, "check")).Text("[role=status]").ShouldContain("no TXT record");
        (await editor.Submit(asked.Location, "check")).Html.ShouldContain("DNS was asked a moment ago");
        (await MailsTo(app, "ada@operators.example")).ShouldBeEmpty();

        dns.Say("latchkey=of-somebody-else", text);
        await LetPause(app);
        (await editor.SubmitAndFollow(asked.Location, "check")).Text("[role=status]").ShouldContain("The TXT record is there");
        (await MailsTo(app, "ada@operators.example")).ShouldBe(["portalDomainRequest"]);
        (await ada.Get("/portal/operator/domains")).Text("table").ShouldContain(host);
        var review = $"/portal/operator/applications/{app.Id}/domains/{host}";
        (await editor.Get(review)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ada.Submit(review, "answer")).Html.ShouldContain("Choose one.");
        (await ada.Submit(review, "answer", ("decision", "approve"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await MailsTo(app, $"editor-{app.Id[..8]}@developers.example")).ShouldBe(["portalDomainApproved"]);

        await WaitUntil.IsTrue(
            "the domain is served",
            async () => (await server.Get("/.well-known/jwks.json", ("Host", host))).Status == HttpStatusCode.OK
        );
        (await editor.Get(list)).Text("#domains").ShouldContain("active");
        (await Audited(app)).ShouldBe(["askDomain", "addDomain"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_request_reserves_nothing_and_the_proof_decides()
    {
        await using var dns = new DnsServer();
        var (stranger, owner) = (await servers.Main.CreateApp(), await servers.Main.CreateApp());
        await using var services = await Services(stranger, dns);
        var requests = services.GetRequiredService<DomainRequests>();
        var host = $"{owner.Id[..12]}.example";
        await requests.Ask(stranger.Id, host, Developer);
        var asked = (await requests.Ask(owner.Id, host, Developer)).Value!;
        dns.Say(asked.Proof);
        (await requests.Approve(stranger.Id, host, Operator)).Error!.Message.ShouldContain("not with this value");
        (await requests.Check(owner.Id, host)).Value!.IsProven.ShouldBeTrue();
        (await requests.Approve(owner.Id, host, Operator)).Succeeded.ShouldBeTrue();
        (await requests.Approve(owner.Id, host, Operator)).Succeeded.ShouldBeFalse();

        dns.Say((await requests.Find(stranger.Id, host))!.Proof); // the name has a new owner
        (await requests.Approve(stranger.Id, host, Operator)).Error!.Message.ShouldContain("has this domain already");
        (await owner.Installation.Run("app", "domain", "remove", owner.Id, host)).ShouldSucceed();
        (await requests.Approve(stranger.Id, host, Operator)).Succeeded.ShouldBeTrue();
        (await requests.List(owner.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Asking_and_proving_again_and_again_does_not_fill_the_operators_mailbox()
    {
        await using var dns = new DnsServer();
        var server = await servers.Start(); // with limits
        var operatorAccount = await PortalAccount.Create(server, isOperator: true);
        var app = await server.CreateApp();
        await using var services = await Services(app, dns);
        var requests = services.GetRequiredService<DomainRequests>();
        for (var i = 0; i < 8; i++)
        {
            var host = $"{i}.{app.Id[..12]}.example";
            dns.Say((await requests.Ask(app.Id, host, Developer)).Value!.Proof);
            (await requests.Check(app.Id, host)).Value!.IsProven.ShouldBeTrue();
            (await requests.Withdraw(app.Id, host, Developer)).Succeeded.ShouldBeTrue();
        }

        (
            await app.Installation.Query<int>(
                "SELECT COUNT(*) FROM messages WHERE recipient = @Email AND kind = 'portalDomainRequest'",
                new { operatorAccount.Email }
            )
        ).ShouldBe(5);
    }

    [Fact]
    public async Task A_refused_request_has_a_reason_and_can_be_made_again()
    {
        await using var dns = new DnsServer();
        var app = await servers.Main.CreateApp();
        await using var services = await Services(app, dns);
        var requests = services.GetRequiredService<DomainRequests>();
        var host = $"{app.Id[..12]}.example";
        var first = (await requests.Ask(app.Id, host, Developer)).Value!;
        (await requests.Ask(app.Id, host, Developer)).Error!.Message.ShouldContain("already");
        dns.Say(first.Proof);
        (await app.Installation.Run("app", "domain", "requests")).ShouldSucceed().Output.ShouldContain($"{app.Id}  {host}");
        (await app.Installation.Run("app", "domain", "refuse", app.Id, host, "--reason", " ")).ShouldFail("Enter a reason");
        (await app.Installation.Run("app", "domain", "refuse", app.Id, host, "--reason", "not yours")).ShouldSucceed();
        (await app.Installation.Run("app", "domain", "refuse", app.Id, host, "--reason", "again")).ShouldFail("no such request");
        (await requests.Approve(app.Id, host, Operator)).Succeeded.ShouldBeFalse();
        (await requests.Find(app.Id, host))!.Refusal.ShouldBe("not yours");
        (await app.Installation.Run("app", "domain", "requests", "--json")).ShouldSucceed().Output.ShouldNotContain(host);
        (await requests.Ask(app.Id, host, Developer)).Value!.Proof.ShouldBe(first.Proof);
        (await requests.Approve(app.Id, host, Operator)).Succeeded.ShouldBeTrue();
        (await requests.Withdraw(app.Id, host, Developer)).Succeeded.ShouldBeFalse();
    }

    [Fact]
    public async Task A_proof_that_is_gone_is_shown_and_takes_nothing_away()
    {
        await using var dns = new DnsServer();
        var app = await servers.Main.CreateApp();
        await using var services = await Services(app, dns);
        var requests = services.GetRequiredService<DomainRequests>();
        var host = $"{app.Id[..12]}.example";
        dns.Say((await requests.Ask(app.Id, host, Developer)).Value!.Proof);
        (await requests.Approve(app.Id, host, Operator)).Succeeded.ShouldBeTrue();
        dns.Say();
        await app.Installation.Execute("UPDATE domain_requests SET checked_at = 1 WHERE app_id = @Id", new { app.Id });
        await ActivatorUtilities.CreateInstance<DomainProofWorker>(services).CheckAll(TestContext.Current.CancellationToken);
        var now = (await requests.List(app.Id)).Single();
        (now.IsGiven, now.IsProven, now.State).ShouldBe((true, false, "active"));
        now.Flaw.ShouldContain("no TXT record");
        (await requests.ListWithoutProof()).Select(one => one.Host).ShouldContain(host);
        using var ada = await PortalVisitor.Operator(servers.Main, $"ada-{app.Id[..8]}@operators.example");
        (await ada.Get("/portal/operator/domains")).Text("section").ShouldContain(host);
    }

    [Fact]
    public async Task Approvals_at_once_give_the_domain_to_one()
    {
        await using var dns = new DnsServer();
        var apps = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => servers.Main.CreateApp()));
        await using var services = await Services(apps[0], dns);
        var requests = services.GetRequiredService<DomainRequests>();
        var host = $"{apps[0].Id[..12]}.example";
        var asked = await Task.WhenAll(apps.Select(app => requests.Ask(app.Id, host, Developer)));
        dns.Say([.. asked.Select(one => one.Value!.Proof)]);
        var answers = await Task.WhenAll(apps.Concat(apps).Select(app => requests.Approve(app.Id, host, Operator)));
        answers.Count(one => one.Succeeded).ShouldBe(1);
    }

    [Fact]
    public async Task Names_that_nobody_can_ask_for_and_no_more_than_twenty_of_the_others()
    {
        var app = await servers.Main.CreateApp();
        var requests = await app.Installation.Get<DomainRequests>();
        string[] wrong =
        [
            "",
            "localhost",
            "127.0.0.1",
            "[::1]",
            "shop",
            "a b.example",
            "https://shop.example",
            "shop.example:443",
            "shop.example/x",
            "*.shop.example",
            "_latchkey.shop.example",
            "shop..example",
            "shop.example\0",
            "<b>.example",
            $"{new string('a', 64)}.example",
            string.Join('.', Enumerable.Repeat("abcdefgh", 30)),
        ];
        foreach (var name in wrong)
        {
            (await requests.Ask(app.Id, name, Developer)).Succeeded.ShouldBeFalse(name);
        }

        (await requests.Ask(app.Id, "Müller.example", Developer)).Value!.Host.ShouldBe("xn--mller-kva.example");
        for (var i = 1; i < DomainRequests.MaxPerApplication; i++)
        {
            (await requests.Ask(app.Id, $"d{i}.example", Developer)).Succeeded.ShouldBeTrue();
        }

        (await requests.Ask(app.Id, "more.example", Developer)).Error!.Message.ShouldContain("20 domains");
        (await requests.Withdraw(app.Id, "d1.example", Developer)).Succeeded.ShouldBeTrue();
        (await requests.Ask(app.Id, "more.example", Developer)).Succeeded.ShouldBeTrue();
        await app.Delete();
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM domain_requests WHERE app_id = @Id", new { app.Id })).ShouldBe(0);
    }

    /// <summary>The product's services on the application's installation, which ask this DNS server.</summary>
    private static Task<ServiceProvider> Services(App app, DnsServer dns) =>
        InstallationServices.Open(
            new InstallationSettings
            {
                DataFolder = app.Installation.DataFolder,
                Database = app.Installation.DatabaseConnection,
                DnsServers = [dns.Address],
            }
        );

    private static Task LetPause(App app) =>
        app.Installation.Execute("UPDATE domain_requests SET checked_at = checked_at - 10000 WHERE app_id = @Id", new { app.Id });

    private static async Task<IEnumerable<string>> MailsTo(App app, string address) =>
        (await (await app.Installation.Get<Latchkey.Messages.Outbox.Mailbox>()).List(null, address, 50)).Select(mail => mail.Envelope.Kind);

    private static async Task<IReadOnlyList<string>> Audited(App app) =>
        (
            await app.Installation.Query<string>(
                "SELECT string_agg(action, ',') FROM audit WHERE app_id = @Id AND action LIKE '%Domain'",
                new { app.Id }
            )
        ).Split(',');
}
