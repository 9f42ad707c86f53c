using System.Diagnostics;

namespace Latchkey.Tests.Sessions;

/// <summary>Two servers on one database: what is ended at one is ended at the other, at once for users and within a second for applications (security.md row 27).</summary>
public sealed class OtherNodes(Servers servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task An_access_token_stops_on_the_other_node_too()
    {
        var installation = await servers.NewInstallation();
        var (here, there) = (await servers.StartOn(installation), await servers.StartOn(installation));
        foreach (var (path, code) in new[] { ("suspend", 404), ("resetPassword", 405), ("signOut", 405) })
        {
            var (app, ann) = await LoggedInThere(here, there);
            (await app.AsServer(HttpMethod.Post, $"users/{Ann}/{path}", new { password = AppFlows.NewPassword })).ShouldBeTrue();
            (await ann.TryGetUser()).ShouldFailWith(code);
        }

        var (second, other) = await LoggedInThere(here, there);
        var own = await second.Login(Ann);
        (await own.Post("changePassword", new { password = App.Password, newPassword = AppFlows.NewPassword })).ShouldBeTrue();
        (await other.TryGetUser()).ShouldFailWith(405);
        (await own.TryGetUser()).ShouldBeOk();
        var (third, deleted) = await LoggedInThere(here, there);
        (await third.AsServer(HttpMethod.Delete, $"users/{Ann}")).ShouldBeTrue();
        (await deleted.TryGetUser()).ShouldFailWith(405);
    }

    [Theory]
    [InlineData("inactive", 402)]
    [InlineData("blocked", 402)]
    [InlineData("deleted", 401)]
    public async Task An_application_that_is_taken_away_is_gone_on_every_node(string what, int code)
    {
        var installation = await servers.NewInstallation();
        var (here, there) = (await servers.StartOn(installation), await servers.StartOn(installation));
        var (app, ann) = await LoggedInThere(here, there);
        string[] command = what == "deleted" ? ["app", "delete", app.Id, "--confirm", "Demo"] : ["app", "set", app.Id, $"status={what}", "--reason", "a drill"];
        (await installation.Run(command)).Worked();
        var watch = Stopwatch.StartNew();
        foreach (var node in new[] { ann, ann with { App = ann.App with { Server = here } } })
        {
            await Until.IsTrue($"the application is {what}", async () => await node.TryGetUser() is var reply && (reply.Code == code || (reply.Code is null || (what == "deleted" && reply.Code == 405) ? false : throw new InvalidOperationException(reply.Text)))); // sessions end a moment before the application goes
        }

        Drill.Measured(27, $"{what}: refused on both nodes after {watch.Elapsed.TotalMilliseconds:0} ms");
    }

    /// <summary>An application at one node, and its user logged in at the other.</summary>
    private static async Task<(App App, LoggedIn Ann)> LoggedInThere(ServerProcess here, ServerProcess there)
    {
        var app = await here.CreateApp("signupFlow=none");
        await Until.IsTrue("the other node knows the application", async () => (await (app with { Server = there }).Get("getApplication")).Code is null);
        await app.Join(Ann);
        return (app, await (app with { Server = there }).Login(Ann));
    }
}
