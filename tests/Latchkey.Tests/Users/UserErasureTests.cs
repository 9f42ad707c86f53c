using Latchkey.Data;
using Latchkey.Users.Registration;

namespace Latchkey.Tests.Users;

/// <summary>Whatever way a user goes, nothing that names the person stays, and the address's next owner sees nothing of it.</summary>
public sealed class UserErasureTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Phone = "+14155550123";
    private const string Network = "127.9.9.9";

    public static TheoryData<string> Ways => ["deleteAccount", "server", "portal", "delete", "erase"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_deleted_user_leaves_log_lines_without_the_person_and_nothing_else(string way)
    {
        var app = await (await servers.Unlimited()).CreateApp("userNamesEnabled=1", "twoFactorVerification=phone");
        var ann = await Live(app with { ClientAddress = Network });
        var id = ann.Id();
        var before = await DatabaseSnapshot.OfApplication(app.Installation, app.Id);
        foreach (var trace in new[] { Ann, Phone, Network, "annie_of_kiel" })
        {
            before.ShouldContain(trace);
        }

        await Delete(way, ann);

        var after = await DatabaseSnapshot.OfApplication(app.Installation, app.Id);
        foreach (var trace in new[] { Ann, Phone, Network, "annie_of_kiel" })
        {
            after.ShouldNotContain(trace);
        }

        after.ShouldContain("bob@example.com");
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @appId AND handle = @id",
                new { appId = app.Id, id }
            )
        ).ShouldBeGreaterThan(3);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM message_directory WHERE id NOT IN (SELECT id FROM messages)")).ShouldBe(
            0
        );

        (await app.Signup(Ann)).ShouldBeTrue();
        (await app.Mails(Ann)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_address_without_a_user_is_erased_too()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.Signup(Ann)).ShouldBeTrue();
        (await app.InviteByServer(Ann)).ShouldBeTrue();
        (await app.TryLogin(Ann)).Code.ShouldNotBe(0);
        (await app.Installation.Run("user", "erase", app.Id, " ANN@example.com")).ShouldSucceed();
        (await DatabaseSnapshot.OfApplication(app.Installation, app.Id)).ShouldNotContain(Ann);
        (await app.Installation.Run("user", "erase", app.Id, "no address")).ShouldFail("invalid data");
    }

    [Fact]
    public async Task An_anonymous_user_who_stays_away_leaves_no_address_in_the_log()
    {
        var app = await (await servers.Unlimited()).CreateApp(
            "anonymousLoginEnabled=1",
            "anonymousRetentionDays=1",
            "accessTokenExpiration=1"
        );
        await (app with { ClientAddress = Network }).LoginAnonymous("ANON_1");
        await app.Installation.Execute("UPDATE users SET last_login_at = 0 WHERE app_id = @Id", new { app.Id });
        await app.Installation.Execute("UPDATE sessions SET expires_at = 1 WHERE app_id = @Id", new { app.Id });
        var run = new RetentionRun(await app.Installation.Get<Database>(), new(), TestContext.Current.CancellationToken);
        await (await app.Installation.Get<AnonymousUserRetention>()).RemoveInactive(run);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(0);
        var left = await DatabaseSnapshot.OfApplication(app.Installation, app.Id);
        left.ShouldNotContain(Network);
        left.ShouldContain("loginAnonymous");
    }

    /// <summary>Codes in mails and SMS, refused logins, an invitation, a user name; and another user, who stays.</summary>
    private static async Task<LoggedInUser> Live(App app)
    {
        var elsewhere = app with { ClientAddress = "127.0.0.1" };
        await elsewhere.CreateUserByCode("bob@example.com");
        (await elsewhere.InviteByServer(Ann)).ShouldBeTrue();
        var ann = await app.CreateUserByCode(Ann);
        (await ann.Post("setUserName", new { userName = "annie_of_kiel" })).ShouldBeTrue();
        (await ann.Post("setPhone", new { phone = Phone })).ShouldBeTrue();
        (await app.TryLogin("annie_of_kiel", "a wrong password")).Code.ShouldBe(600);
        (await app.TryLogin(Ann, "a wrong password")).Code.ShouldBe(600);
        (await app.ForgotPassword(Ann)).ShouldBeTrue();
        return ann;
    }

    private static async Task Delete(string way, LoggedInUser ann)
    {
        var app = ann.App with { ClientAddress = "127.0.0.1" };
        switch (way)
        {
            case "deleteAccount":
                (await ann.Post("deleteAccount", new { handle = Ann, password = App.Password })).ShouldBeTrue();
                break;
            case "server":
                (await app.SendAsServer(HttpMethod.Delete, $"users/{ann.Id()}")).ShouldBeTrue();
                break;
            case "portal":
                using (var editor = await PortalVisitor.Member(app, "editor"))
                {
                    var page = $"/portal/applications/{app.Id}/users/{ann.Id()}/delete";
                    (await editor.Submit(page, "delete", ("handle", Ann))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
                }

                break;
            default:
                (await app.Installation.Run("user", way, app.Id, Ann)).ShouldSucceed();
                break;
        }
    }
}
