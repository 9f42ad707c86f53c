using Latchkey.Accounts;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Accounts;

/// <summary>The link that the first start prints makes the first account and no other.</summary>
public sealed class SetupLinkTests(ServerFixture servers)
{
    private static readonly ClientAddress Client = new("127.0.0.1", "127.0.0.1");

    [Fact]
    public async Task An_account_that_came_another_way_ends_the_link()
    {
        var installation = await servers.NewInstallation();
        var accounts = await installation.Get<DeveloperAccounts>();
        var token = (await accounts.CreateSetupToken())!;
        (await accounts.IsSetupToken(token)).ShouldBeTrue();
        (
            await installation.RunWithInput(
                PortalAccount.Password,
                "operator",
                "create",
                "--email",
                "olga@example.com",
                "--name",
                "Olga",
                "--password-stdin"
            )
        ).ShouldSucceed();
        (await installation.Query<long>("SELECT COUNT(*) FROM installation WHERE name = 'setup_link'")).ShouldBe(0);
        await IsDead(installation, token);
        (await accounts.CreateSetupToken()).ShouldBeNull();
    }

    [Fact]
    public async Task Until_there_is_an_account_the_pages_for_everyone_say_where_the_link_is()
    {
        var server = await servers.Start();
        string[] pages = ["/", "/portal/sign-in", "/portal/forgot", "/portal/sign-up"];
        foreach (var page in pages)
        {
            (await server.Get(page)).ShouldBeOk().Text.ShouldContain("set-up link that the server printed", customMessage: page);
        }

        await PortalAccount.Create(server);
        foreach (var page in pages)
        {
            (await server.Get(page)).ShouldBeOk().Text.ShouldNotContain("set-up link", customMessage: page);
        }
    }

    [Fact]
    public async Task A_link_that_is_stored_still_makes_nobody_an_operator_while_there_is_an_account()
    {
        var installation = await servers.NewInstallation();
        (
            await installation.RunWithInput(
                PortalAccount.Password,
                "developer",
                "create",
                "--email",
                "dev@example.com",
                "--name",
                "Dev",
                "--password-stdin"
            )
        ).ShouldSucceed();
        await installation.Execute(
            "INSERT INTO installation (name, value) VALUES ('setup_link', @hash)",
            new { hash = Secrets.Hash("from an old log") }
        );
        await IsDead(installation, "from an old log");
    }

    [Fact]
    public async Task Of_two_who_use_the_link_at_once_one_is_the_operator()
    {
        var installation = await servers.NewInstallation();
        var accounts = await installation.Get<DeveloperAccounts>();
        var token = (await accounts.CreateSetupToken())!;
        var made = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(i => accounts.SetUp(token, "Ada", $"ada{i}@example.com", PortalAccount.Password, Client))
        );
        made.Count(one => one.Succeeded).ShouldBe(1);
        (await installation.Query<long>("SELECT COUNT(*) FROM developers")).ShouldBe(1);
    }

    private static async Task IsDead(TestInstallation installation, string token)
    {
        var accounts = await installation.Get<DeveloperAccounts>();
        (await accounts.IsSetupToken(token)).ShouldBeFalse();
        (await accounts.SetUp(token, "Mallory", "mallory@example.com", PortalAccount.Password, Client)).Error!.Code.ShouldBe(613);
        (await installation.Query<long>("SELECT COUNT(*) FROM developers")).ShouldBe(1);
    }
}
