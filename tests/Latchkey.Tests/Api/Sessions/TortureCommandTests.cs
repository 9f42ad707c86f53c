namespace Latchkey.Tests.Api.Sessions;

/// <summary>The command tests/torture, against servers of ours and against one that rotates as many do.</summary>
[Collection(SerialCollection.Name)]
public sealed class TortureCommandTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private static readonly int Rounds = TestScale.Size(100, 1000);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task It_ends_no_session_of_ours_by_mistake_and_every_theft_is_noticed()
    {
        var installation = await servers.NewInstallation();
        var nodes = new List<ServerProcess>();
        for (var i = 0; i < (Engine.IsPostgres ? 3 : 1); i++)
        {
            nodes.Add(await servers.StartOn(installation, ["--limits", "off"]));
        }

        var app = await nodes[0].CreateApp("signupFlow=none", "sessionMode=refresh");
        await app.CreateUser(Ann);
        await WaitUntil.IsTrue(
            "all nodes know the application",
            async () =>
                (await Task.WhenAll(nodes.Select(node => (app with { Server = node }).Get("getApplication")))).All(reply =>
                    reply.Code is null
                )
        );
        await using var clock = GrantClock.OnRequest(app, Day);
        string[] server = ["--app-token", app.Token, "--handle", Ann, "--password", App.Password];
        var (exitCode, rows) = await Run([
            .. nodes.Select(node => node.Address.ToString().TrimEnd('/')),
            .. server,
            "--later",
            $"curl -sf http://127.0.0.1:{clock.Port}",
        ]);

        rows.Select(row => row[0].Split(':')[0]).ShouldBe(["parallel", "cut", "later", "nodes", "thefts"]);
        rows.Select(row => int.Parse(row[1])).ShouldBe([Rounds, Rounds / 2, Rounds / 2, Rounds, Rounds / 10]);
        rows.ShouldAllBe(row => row[4] == "0" && row[5] == "0");
        rows.Take(4).ShouldAllBe(row => row[2] == row[3]);
        rows[4][6].ShouldBe(rows[4][1]);
        exitCode.ShouldBe(0);
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM messages WHERE app_id = @Id AND kind = 'sessionStolen'",
                new { app.Id }
            )
        ).ShouldBe(Rounds / 10);
    }

    [Fact]
    public async Task It_shows_what_a_server_does_that_takes_a_retry_for_a_theft()
    {
        await using var endpoint = new NaiveTokenEndpoint();
        var (exitCode, rows) = await Run([
            "--token-endpoint",
            endpoint.Address,
            "--client-id",
            "app",
            "--sign-in",
            $"curl -sf {endpoint.Address}",
            "--grace",
            "0",
        ]);

        exitCode.ShouldBe(1);
        rows.Select(row => row[0].Split(':')[0]).ShouldBe(["parallel", "cut", "nodes", "thefts"]);
        rows.Take(3).ShouldAllBe(row => int.Parse(row[5]) >= int.Parse(row[1]) / 2); // a reset can come before the request is read
        rows[0][5].ShouldBe(rows[0][1]); // each round ends a session
        rows[3][6].ShouldBe(rows[3][1]);
    }

    /// <summary>The exit code, and the cells of the table.</summary>
    private static async Task<(int ExitCode, IReadOnlyList<string[]> Rows)> Run(IEnumerable<string> arguments)
    {
        var script = Path.Combine(RepositoryPaths.Root, "tests", "torture");
        await using var torture = ChildProcess.Start("python3", [script, .. arguments, "--rounds", $"{Rounds}"]);
        await torture.WaitForExit();
        List<string[]> rows =
        [
            .. torture
                .Lines.Where(line => line.StartsWith('|'))
                .Skip(2)
                .Select(line => line[2..].Split('|').Select(cell => cell.Trim()).ToArray()),
        ];
        foreach (var line in torture.Lines)
        {
            TestScale.RecordFigure(27, line);
        }

        return (torture.ExitCode, rows);
    }
}
