namespace Latchkey.Tests.Tenancy;

/// <summary>Refusals that cost nothing (606: user names are off) fill no log.</summary>
public sealed class RejectionLogTests(ServerFixture servers)
{
    private const string MoreLeftOut = "more of these were left out";

    [Fact]
    public async Task One_network_writes_thirty_lines_a_minute_of_a_function_and_one_that_says_there_were_more()
    {
        var app = await servers.Main.CreateApp("callsPerSecond=100000");
        (await AppFlows.SendInParallel(40, _ => app.ForgotPassword("annie"))).ShouldAllBe(reply => reply.Code == 606);
        (await Lines(app)).ShouldBe(31);
        (await Lines(app, MoreLeftOut)).ShouldBe(1);

        (await app.WithAddress("127.81.0.1").ForgotPassword("annie")).ShouldFailWith(606);
        (await app.TryLogin("annie")).ShouldFailWith(606);
        (await Lines(app)).ShouldBe(33);
    }

    [Fact]
    public async Task All_networks_together_write_a_thousand_lines_a_minute_of_one_application()
    {
        var (app, other) = (await servers.Main.CreateApp("callsPerSecond=100000"), await servers.Main.CreateApp());
        await Parallel.ForAsync(
            0,
            1040,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) => (await app.WithAddress(Clients.Address(82, i % 40)).ForgotPassword("annie")).ShouldFailWith(606)
        );
        (await Lines(app)).ShouldBe(1001);
        (await Lines(app, MoreLeftOut)).ShouldBe(1);
        (await other.ForgotPassword("annie")).ShouldFailWith(606);
        (await Lines(other)).ShouldBe(1);
    }

    private static Task<long> Lines(App app, string detail = "") =>
        app.Installation.Query<long>(
            "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND code = 606 AND (@detail = '' OR detail = @detail)",
            new { app.Id, detail }
        );
}
