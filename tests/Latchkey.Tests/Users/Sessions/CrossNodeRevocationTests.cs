using System.Diagnostics;

namespace Latchkey.Tests.Users.Sessions;

/// <summary>
/// Two servers on one database: what is ended at one is ended at the other, at once for users and within a second for applications
/// (security.md row 27).
/// </summary>
public sealed class CrossNodeRevocationTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task An_access_token_stops_on_the_other_node_too()
    {
        var (here, there) = await TwoNodes();
        foreach (var (path, code) in new[] { ("suspend", 404), ("resetPassword", 405), ("signOut", 405) })
        {
            var (app, ann) = await LoggedInThere(here, there);
            (await app.SendAsServer(HttpMethod.Post, $"users/{Ann}/{path}", new { password = AppFlows.NewPassword })).ShouldBeTrue();
            foreach (var node in new[] { here, there })
            {
                (await At(node, ann).TryGetUser()).ShouldFailWith(code);
            }
        }

        var (second, other) = await LoggedInThere(here, there);
        var own = await second.Login(Ann);
        (await own.Post("changePassword", new { password = App.Password, newPassword = AppFlows.NewPassword })).ShouldBeTrue();
        (await other.TryGetUser()).ShouldFailWith(405);
        (await own.TryGetUser()).ShouldBeOk();
        var (third, deleted) = await LoggedInThere(here, there);
        (await third.SendAsServer(HttpMethod.Delete, $"users/{Ann}")).ShouldBeTrue();
        (await deleted.TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    public async Task An_application_that_is_taken_away_by_another_process_is_gone_on_every_node()
    {
        var (here, there) = await TwoNodes();
        foreach (var (what, code) in TakenAway)
        {
            var (app, ann) = await LoggedInThere(here, there);
            string[] command =
                what == "deleted"
                    ? ["app", "delete", app.Id, "--confirm", "Demo"]
                    : ["app", "set", app.Id, $"status={what}", "--reason", "a drill"];
            (await here.Installation.Run(command)).ShouldSucceed();
            await IsGone(what, code, "both nodes", ann, At(here, ann));
        }
    }

    [Fact]
    public async Task An_application_that_is_taken_away_in_the_portal_is_gone_at_that_node_with_the_next_request_and_soon_on_the_other()
    {
        var (here, there) = await TwoNodes();
        var browser = await (await PortalAccount.Create(here, "operator", isOperator: true)).SignIn();
        foreach (var (what, code) in TakenAway)
        {
            var (app, ann) = await LoggedInThere(here, there);
            await At(here, ann).GetUser(); // now both nodes have it at hand
            var sent =
                what == "deleted"
                    ? await browser.Post($"/portal/applications/{app.Id}/delete", "erase", ("name", "Demo"))
                    : await browser.Post($"/portal/applications/{app.Id}/status/{what}", "status", ("reason", "a drill"));
            sent.Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
            // Sessions end a moment before the application goes
            (await At(here, ann).TryGetUser()).Code.ShouldBeOneOf(code, what == "deleted" ? 405 : code);
            await IsGone(what, code, "the other node", ann);
        }
    }

    private static readonly (string What, int Code)[] TakenAway = [("inactive", 402), ("blocked", 402), ("deleted", 401)];

    private async Task<(ServerProcess Here, ServerProcess There)> TwoNodes()
    {
        var installation = await servers.NewInstallation();
        return (await servers.StartOn(installation), await servers.StartOn(installation));
    }

    private static async Task IsGone(string what, int code, string where, params LoggedInUser[] nodes)
    {
        var watch = Stopwatch.StartNew();
        foreach (var node in nodes)
        {
            await WaitUntil.IsTrue(
                $"the application is {what}",
                async () =>
                    await node.TryGetUser() is var reply
                    && (
                        reply.Code == code
                        || (
                            reply.Code is null || (what == "deleted" && reply.Code == 405)
                                ? false
                                : throw new InvalidOperationException(reply.Text)
                        )
                    )
            );
        }

        TestScale.RecordFigure(27, $"{what}: refused on {where} after {watch.Elapsed.TotalMilliseconds:0} ms");
    }

    private static LoggedInUser At(ServerProcess node, LoggedInUser user) => user with { App = user.App with { Server = node } };

    /// <summary>An application at one node, and its user logged in at the other.</summary>
    private static async Task<(App App, LoggedInUser Ann)> LoggedInThere(ServerProcess here, ServerProcess there)
    {
        var app = await here.CreateApp("signupFlow=none");
        await WaitUntil.IsTrue(
            "the other node knows the application",
            async () => (await (app with { Server = there }).Get("getApplication")).Code is null
        );
        await app.CreateUser(Ann);
        return (app, await (app with { Server = there }).Login(Ann));
    }
}
