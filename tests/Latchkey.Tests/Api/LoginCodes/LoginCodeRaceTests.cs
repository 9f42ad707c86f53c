using static Latchkey.Tests.Api.LoginCodes.LoginCodeFlows;

namespace Latchkey.Tests.Api.LoginCodes;

/// <summary>One code gives one session, however often and wherever it is sent at once.</summary>
public sealed class LoginCodeRaceTests(ServerFixture servers)
{
    private static readonly int Rounds = TestScale.Size(10, 100);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_four_uses_at_once_one_succeeds(bool isKnown)
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("signupByCode=1");
        for (var round = 0; round < Rounds; round++)
        {
            var handle = $"u{round}@example.com";
            if (isKnown)
            {
                await app.LoginByCode(handle);
            }

            var before = await app.CountSessions();
            await UseOnceOf(4, _ => app, await app.BeginCodeLogin(handle));
            (await app.CountSessions()).ShouldBe(before + 1);
            (await app.CountUsers(handle)).ShouldBe(1);
        }

        TestScale.RecordFigure(89, $"{Rounds} codes used 4 times at once by a {(isKnown ? "user" : "newcomer")}: one session each");
    }

    [Fact]
    public async Task Asked_for_at_one_node_it_is_good_at_each_and_at_one_only()
    {
        Assert.SkipUnless(Engine.IsPostgres, "nodes need PostgreSQL");
        var installation = await servers.NewInstallation();
        var apps = new List<App> { await (await servers.StartOn(installation, ["--limits", "off"])).CreateAppWithCodes("signupByCode=1") };
        for (var i = 0; i < 2; i++)
        {
            apps.Add(apps[0] with { Server = await servers.StartOn(installation, ["--limits", "off"]) });
        }

        for (var round = 0; round < Rounds; round++)
        {
            await UseOnceOf(4, i => apps[i % 3], await apps[round % 3].BeginCodeLogin($"u{round % 5}@example.com"));
        }
    }

    private static async Task UseOnceOf(int times, Func<int, App> app, CodeRequest request)
    {
        var code = await request.App.LastCodeFor(request.Handle);
        var replies = await AppFlows.SendInParallel(times, i => (request with { App = app(i) }).Complete(code));
        replies.Count(reply => reply.Code is null).ShouldBe(1);
        replies.Where(reply => reply.Code is not null).ShouldAllBe(reply => reply.Code == 731);
    }
}
