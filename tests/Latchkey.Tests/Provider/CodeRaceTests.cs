using Latchkey.Data;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Tokens;
using Latchkey.Users.Sessions;

namespace Latchkey.Tests.Provider;

/// <summary>Codes whose user signs out, or takes the consent back, between the first look at them and the commit.</summary>
public sealed class CodeRaceTests(ServerFixture servers)
{
    private const int Rounds = 20;
    private const string Offline = "openid offline_access";

    [Theory]
    [InlineData("logout")]
    [InlineData("suspended")]
    [InlineData("deleted")]
    public async Task No_session_is_opened_beside_one_that_ended_meanwhile(string how)
    {
        var app = await ProviderApp.Create(servers);
        var (client, ann) = (await app.AddClient(), await app.App.CreateUser(ProviderCalls.Ann));
        await app.AddConsent(client, ann, Offline);
        var use = await Read(app, client, ann);
        switch (how)
        {
            case "logout":
                (await ann.Post("logout", new { everywhere = true })).ShouldBeTrue();
                break;
            case "suspended":
                await app.Installation.Execute("UPDATE users SET status = 'suspend' WHERE app_id = @Id", new { app.Id });
                break;
            default:
                await app.Installation.Execute("DELETE FROM users WHERE app_id = @Id", new { app.Id });
                break;
        }

        var codes = await app.Installation.Get<CodeUses>();
        (await codes.Use(use)).ShouldNotBeNull().OAuthCode.ShouldBe("invalid_grant");
        (await client.LiveGrants()).ShouldBe(0);
        (await app.Count("sessions")).ShouldBe(how == "deleted" ? 0 : 1);
        (await codes.Use(use with { Session = use.Browser.Session })).ShouldNotBeNull(); // the code is burnt
    }

    [Fact]
    public async Task No_token_of_a_session_beside_outlives_a_logout_everywhere()
    {
        var app = await ProviderApp.Create(servers);
        await app.Change(settings => settings with { OfflineOutlivesLogout = true });
        var client = await app.AddClient();
        await Race(app, client, async ann => (await ann.Post("logout", new { everywhere = true })).ShouldBeTrue());
        (await app.LiveSessions()).ShouldBe(0);
    }

    [Fact]
    public async Task No_token_outlives_a_consent_that_is_taken_back()
    {
        var app = await ProviderApp.Create(servers);
        var client = await app.AddClient();
        await Race(app, client, async ann => (await ann.Post("revokeConsent", new { clientId = client.Id })).ShouldBeTrue());
        (await client.LiveGrants()).ShouldBe(0);
        (await app.LiveSessions()).ShouldBe(Rounds);
    }

    private static async Task Race(ProviderApp app, ProviderClient client, Func<LoggedInUser, Task> end)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var user = await app.App.CreateUser($"user{round}@example.com");
            var code = await app.IssueCode(client, user, Offline);
            var exchange = client.Exchange(code);
            await Task.WhenAll(exchange, end(user));
            var reply = await exchange;
            if (reply.Status == System.Net.HttpStatusCode.OK)
            {
                (await client.Refresh(reply.Text("refresh_token"))).ShouldRefuse("invalid_grant");
            }
            else
            {
                reply.ShouldRefuse("invalid_grant");
            }
        }
    }

    /// <summary>What the token endpoint knows of a code before it stores anything, with a session beside.</summary>
    private static async Task<CodeUse> Read(ProviderApp app, ProviderClient client, LoggedInUser user)
    {
        var (database, sessions, grants, signIn, cache) = (
            await app.Installation.Get<Database>(),
            await app.Installation.Get<SessionStore>(),
            await app.Installation.Get<SessionGrants>(),
            await app.Installation.Get<SignIn>(),
            await app.Installation.Get<Latchkey.Applications.ApplicationCache>()
        );
        var code = new AuthorizationCode(client.Id, "", "", Offline, "", null, null, null, null, 0, null);
        var sessionId = await app.SessionIdOf(user);
        var of = (await database.Read(db => sessions.Find(db, app.Id, sessionId)))!;
        var from = Latchkey.Core.ClientAddress.From(System.Net.IPAddress.Loopback);
        var beside = signIn.Beside((await cache.Find(app.Id))!, of.Session, from, "Test client");
        var grant = grants.Create(beside, SessionGrants.NewId(), TimeProvider.System.Now()) with
        {
            Client = client.Id,
            Scope = Offline,
            Resources = "issuer",
            Sid = of.Session.PublicId,
            SidSessionId = of.Session.Id,
        };
        return new CodeUse(client.Row, code, of, beside, grant);
    }
}
