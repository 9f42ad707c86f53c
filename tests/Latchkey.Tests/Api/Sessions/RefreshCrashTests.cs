namespace Latchkey.Tests.Api.Sessions;

/// <summary>kill -9 between the commit of a refresh and its answer.</summary>
[Collection(SerialCollection.Name)]
public sealed class RefreshCrashTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const int Sessions = 8;
    private static readonly int Kills = TestScale.Size(10, 100);

    [Fact]
    public async Task No_session_is_lost_when_the_server_is_killed_before_it_answers()
    {
        var installation = await servers.NewInstallation();
        var app = await (await servers.StartOn(installation, ["--limits", "off"])).CreateApp("signupFlow=none", "sessionMode=refresh");
        await app.CreateUser(Ann);
        var owners = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => app.Login(Ann)));
        var lost = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = await SumOfGenerations(app);
            var answers = await KillWithTheFirstAnswer(owners);
            await owners[0].App.Server.DisposeAsync();
            app = app with { Server = await servers.StartOn(installation, ["--limits", "off"]) };
            lost += await SumOfGenerations(app) - before;
            owners = await Task.WhenAll(owners.Zip(answers, (owner, answer) => AskAgain(owner with { App = app }, answer)));
        }

        (await app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE ended_at IS NOT NULL")).ShouldBe(0);
        lost.ShouldBeGreaterThanOrEqualTo(Kills);
        TestScale.RecordFigure(27, $"{Kills} kills: {lost} committed refreshes whose answer nobody used, no session lost");
    }

    /// <summary>
    /// All sessions refresh at once, and the server dies when the first answer is there. Gives the successors that were answered, null for
    /// the others; the apps know of none.
    /// </summary>
    private static async Task<string?[]> KillWithTheFirstAnswer(IReadOnlyList<LoggedInUser> owners)
    {
        var answers = owners.Select(TryRefresh).ToList();
        await Task.WhenAny(answers);
        await owners[0].App.Server.Kill();
        return await Task.WhenAll(answers);
    }

    private static async Task<string?> TryRefresh(LoggedInUser owner)
    {
        try
        {
            return (await owner.Refresh()).RefreshToken;
        }
        catch (HttpRequestException)
        {
            return null; // the server was killed before it answered
        }
    }

    /// <summary>The owner goes on with the token that it has; a successor that was lost comes again.</summary>
    private static async Task<LoggedInUser> AskAgain(LoggedInUser owner, string? lost)
    {
        var next = await owner.Refresh();
        next.RefreshToken.ShouldBe(lost ?? next.RefreshToken);
        (await next.TryGetUser()).ShouldBeOk();
        return next;
    }

    private static Task<long> SumOfGenerations(App app) =>
        app.Installation.Query<long>("SELECT CAST(SUM(generation) AS BIGINT) FROM session_grants WHERE app_id = @Id", new { app.Id });
}
