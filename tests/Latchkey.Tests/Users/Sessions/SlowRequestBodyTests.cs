using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Users.Sessions;

/// <summary>A request is let in before its body is read; what it may do is decided when the body has come.</summary>
public sealed class SlowRequestBodyTests(ServerFixture servers)
{
    private const string Body = """{"twoFactor":true}""";

    [Fact]
    public async Task A_request_whose_session_ended_while_its_body_came_does_nothing()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=google");
        var (ann, bob) = (await app.CreateUser("ann@example.com"), await app.CreateUser("bob@example.com"));
        using var ended = await Begin(ann);
        using var live = await Begin(bob);
        var begun = TimeProvider.System.GetTimestamp();
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await WaitUntil.IsTrue(
            "both tokens were judged more than a second ago",
            () => Task.FromResult(TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromSeconds(1))
        );
        (await Finish(ended)).ShouldContain("\"code\":405");
        (await Finish(live)).ShouldContain("googleSecretKey");
        (
            await app.Installation.Query<string>("SELECT handle FROM users WHERE app_id = @Id AND two_factor_google = TRUE", new { app.Id })
        ).ShouldBe("bob@example.com");
    }

    [Fact]
    public async Task A_form_of_the_portal_whose_session_ended_while_it_came_changes_nothing()
    {
        var account = await PortalAccount.Create(servers.Main, "slow");
        var browser = await account.SignIn();
        var fields = new Dictionary<string, string>(await browser.Fields("/portal/account", "name"), StringComparer.Ordinal)
        {
            ["name"] = "Somebody Else",
        };
        var body = await new FormUrlEncodedContent(fields).ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var held = await Begin(
            servers.Main,
            "/portal/account",
            $"Cookie: {string.Join("; ", browser.Cookies.Select(one => $"{one.Key}={one.Value}"))}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}"
        );
        await servers.Main.Installation.Execute("DELETE FROM portal_sessions WHERE developer_id = @Id", new { account.Id });
        (await Finish(held, body)).ShouldContain("Location: /portal/sign-in");
        (await servers.Main.Installation.Query<string>("SELECT name FROM developers WHERE id = @Id", new { account.Id })).ShouldBe("slow");
    }

    private static Task<Socket> Begin(LoggedInUser user) =>
        Begin(
            user.App.Server,
            "/api/appuser/setTwoFactorGoogleVerification",
            $"access-token: {user.AccessToken}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}"
        );

    /// <summary>All but the body; the server asks for it once it wants to read it.</summary>
    private static async Task<Socket> Begin(ServerProcess server, string path, string headers)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        await client.SendAsync(
            Encoding.ASCII.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: {server.Address.Authority}\r\n{headers}\r\nExpect: 100-continue\r\nConnection: "
                    + "close\r\n\r\n"
            )
        );
        var buffer = new byte[64];
        Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer)).ShouldStartWith("HTTP/1.1 100");
        return client;
    }

    /// <summary>Sends the body and gives the answer.</summary>
    private static async Task<string> Finish(Socket client, string body = Body)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes(body));
        using var answer = new StreamReader(new NetworkStream(client), Encoding.UTF8);
        return await answer.ReadToEndAsync();
    }
}
