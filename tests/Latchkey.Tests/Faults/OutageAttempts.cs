using System.Net;

namespace Latchkey.Tests.Faults;

/// <summary>
/// What people try while the database is gone, at a server with its limits on: none of it may be let through because nothing could
/// be looked up or counted.
/// </summary>
internal sealed class OutageAttempts
{
    private const string Eve = "eve@example.com";
    private readonly App app;
    private readonly App byCode;
    private readonly LoggedInUser ended;
    private readonly PortalAccount account;
    private readonly PortalClient browser;
    private readonly PortalClient signedIn;
    private readonly Dictionary<string, string> signIn;
    private readonly Dictionary<string, string> rename;
    private long sessions;

    private OutageAttempts(
        App app,
        App byCode,
        LoggedInUser ended,
        PortalAccount account,
        PortalClient browser,
        PortalClient signedIn,
        Dictionary<string, string> signIn,
        Dictionary<string, string> rename
    ) =>
        (this.app, this.byCode, this.ended, this.account, this.browser, this.signedIn, this.signIn, this.rename) = (
            app,
            byCode,
            ended,
            account,
            browser,
            signedIn,
            signIn,
            rename
        );

    /// <summary>Everything that can be had before, and is at hand in the server's memory.</summary>
    public static async Task<OutageAttempts> Prepare(ServerProcess server)
    {
        var app = await server.CreateApp("signupFlow=none");
        var ended = await app.CreateUser(Eve);
        (await ended.GetUser()).GetProperty("handle").GetString().ShouldBe(Eve);
        (await ended.Post("logout", new { })).ShouldBeTrue();
        var byCode = await server.CreateApp();
        (await byCode.Signup(Eve)).ShouldBeTrue();
        var account = await PortalAccount.Create(server);
        var (browser, signedIn) = (new PortalClient(server), await account.SignIn());
        (await signedIn.IsSignedIn()).ShouldBeTrue();
        var tries = new OutageAttempts(
            app,
            byCode,
            ended,
            account,
            browser,
            signedIn,
            await browser.Fields("/portal/sign-in", "sign-in"),
            await signedIn.Fields("/portal/account", "name")
        );
        tries.sessions = await tries.Sessions();
        return tries;
    }

    /// <summary>With 503 each; on SQLite, whose readers do not wait for a writer, what only reads is answered as ever.</summary>
    public async Task ShouldAllFail()
    {
        var replies = await Task.WhenAll(
            app.PostWithoutRetry("login", new { handle = Eve, password = App.Password }),
            app.PostWithoutRetry("login", new { handle = Eve, password = "a wrong password" }),
            app.PostWithoutRetry("login", new { handle = "nobody@example.com", password = App.Password }),
            byCode.PostWithoutRetry("completeSignup", new { handle = Eve, code = "000000" }),
            byCode.PostWithoutRetry(
                "resetPassword",
                new
                {
                    handle = Eve,
                    password = App.Password,
                    code = "000000",
                }
            ),
            browser.Send("/portal/sign-in", signIn, ("email", account.Email), ("password", PortalAccount.Password)),
            browser.Send("/portal/sign-in", signIn, ("email", account.Email), ("password", "a wrong password")),
            signedIn.Send("/portal/account", rename, ("name", "renamed meanwhile"))
        );
        replies
            .Select(reply => reply.Status)
            .ShouldAllBe(
                status => status == HttpStatusCode.ServiceUnavailable,
                string.Join('\n', replies.Select(reply => $"{(int)reply.Status} {reply.Text}"))
            );
        browser.Session.ShouldBeNull();
        var (token, page) = (await ended.TryGetUser(), await signedIn.Get("/portal"));
        (token.Status, page.Status).ShouldBe(
            Engine.IsPostgres
                ? (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable)
                : (HttpStatusCode.BadRequest, HttpStatusCode.OK)
        );
    }

    /// <summary>When the database is back: no session was opened, nothing was changed, and who was signed in is so again.</summary>
    public async Task ShouldHaveNoEffect()
    {
        (await Sessions()).ShouldBe(sessions);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { byCode.Id })).ShouldBe(0);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM portal_sessions WHERE developer_id = @Id", new { account.Id })).ShouldBe(
            1
        );
        (await app.Installation.Query<string>("SELECT name FROM developers WHERE id = @Id", new { account.Id })).ShouldBe("dev");
        await WaitUntil.IsTrue("this server has its database again, and knows who was signed in", signedIn.IsSignedIn);
        (await ended.TryGetUser()).ShouldFailWith(405);
    }

    private Task<long> Sessions() =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE app_id IN (@Id, @Other)", new { app.Id, Other = byCode.Id });
}
