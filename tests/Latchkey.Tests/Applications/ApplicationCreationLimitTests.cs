using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Limits;

namespace Latchkey.Tests.Applications;

/// <summary>Each application may send messages of its own, so a developer gets only so many of them.</summary>
public sealed class ApplicationCreationLimitTests(ServerFixture servers)
{
    [Fact]
    public async Task A_developer_creates_ten_a_day_and_is_told_so_and_operators_and_the_command_line_go_on()
    {
        var (dev, installation) = (await PortalAccount.Create(servers.Main), servers.Main.Installation);
        var rules = await installation.Get<ApplicationCreator>();
        for (var i = 0; i < DefaultLimits.ApplicationsPerDeveloper.PermitLimit; i++)
        {
            (await Create(dev.Id)).Succeeded.ShouldBeTrue();
        }

        (await Create(dev.Id)).Error!.Code.ShouldBe(700);
        var client = await dev.SignIn();
        var refused = await client.Post(
            "/portal/applications/new",
            "create",
            ("name", "One more"),
            ("type", "development"),
            ("jwtEnabled", "1")
        );
        refused.Text.ShouldContain("You have created 10 applications within a day");
        (await installation.Query<long>("SELECT COUNT(*) FROM members WHERE developer_id = @Id", new { dev.Id })).ShouldBe(10);
        (await Create(null)).Succeeded.ShouldBeTrue();

        await installation.Execute(
            "UPDATE limits SET resets_at = resets_at - @day WHERE bucket = @bucket",
            new { day = 24 * 3_600_000L, bucket = $"portal|{DefaultLimits.ApplicationsPerDeveloper.Name}|{Secrets.Hash(dev.Id)}" }
        );
        (await Create(dev.Id)).Succeeded.ShouldBeTrue();

        Task<Result<CreatedApplication>> Create(string? owner) =>
            rules.Create("Demo", new Dictionary<string, string>(), new Actor(dev.Email, "127.0.0.1"), owner, JwsKey.Es256);
    }
}
