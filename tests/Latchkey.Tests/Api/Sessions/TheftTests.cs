namespace Latchkey.Tests.Api.Sessions;

/// <summary>Refresh tokens that were copied, and that come back after their owners have gone on.</summary>
public sealed class TheftTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Thief = "127.0.0.77";
    private static readonly int Thefts = TestScale.Size(10, 100);

    [Fact]
    public async Task Each_theft_after_the_owners_next_use_ends_one_session_and_sends_one_mail()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "sessionMode=refresh");
        await app.CreateUser(Ann);
        await app.CopyUser(Ann, Thefts);
        var copied = new List<LoggedInUser>();
        var owners = new List<LoggedInUser>();
        var others = new List<LoggedInUser>();
        for (var i = 1; i <= Thefts; i++)
        {
            copied.Add(await app.Login($"copy{i}@example.com"));
            owners.Add(await (await copied[^1].Refresh()).Refresh());
            others.Add(await app.Login($"copy{i}@example.com"));
        }

        await app.LetTimePass(TimeSpan.FromSeconds(61));
        for (var i = 0; i < Thefts; i++)
        {
            (await (copied[i] with { App = app.WithAddress(Thief) }).TryRefresh()).ShouldFailWith(712);
            (await owners[i].TryRefresh()).ShouldFailWith(712);
            (await owners[i].TryGetUser()).ShouldFailWith(405);
            (await others[i].TryRefresh()).ShouldBeOk(); // the user's other device stays signed in
        }

        (await Count("FROM sessions WHERE app_id = @Id AND end_reason = 'refreshTokenReused' AND end_client = @Thief")).ShouldBe(Thefts);
        (await Count("FROM sessions WHERE app_id = @Id AND ended_at IS NOT NULL")).ShouldBe(Thefts);
        (await Count("FROM messages WHERE app_id = @Id AND kind = 'sessionStolen'")).ShouldBe(Thefts);
        (await Count("FROM (SELECT DISTINCT recipient FROM messages WHERE app_id = @Id AND kind = 'sessionStolen') AS told")).ShouldBe(
            Thefts
        );
        TestScale.RecordFigure(27, $"{Thefts} thefts: {Thefts} sessions ended, {Thefts} mails");

        Task<long> Count(string rows) => app.Installation.Query<long>($"SELECT COUNT(*) {rows}", new { app.Id, Thief });
    }
}
