using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Sessions;

/// <summary>A request is let in before its body is read; what it may do is decided when the body has come.</summary>
public sealed class SlowBodies(Servers servers)
{
    private const string Body = """{"twoFactor":true}""";

    [Fact]
    public async Task A_request_whose_session_ended_while_its_body_came_does_nothing()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=google");
        var (ann, bob) = (await app.Join("ann@example.com"), await app.Join("bob@example.com"));
        using var ended = await Begin(ann);
        using var live = await Begin(bob);
        var begun = TimeProvider.System.GetTimestamp();
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await Until.IsTrue("both tokens were judged more than a second ago", () => Task.FromResult(TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromSeconds(1)));
        (await Finish(ended)).ShouldContain("\"code\":405");
        (await Finish(live)).ShouldContain("googleSecretKey");
        (await app.Installation.Query<string>("SELECT handle FROM users WHERE app_id = @Id AND two_factor_google = TRUE", new { app.Id })).ShouldBe("bob@example.com");
    }

    /// <summary>All but the body; the server asks for it once it knows whose the token is.</summary>
    private static async Task<Socket> Begin(LoggedIn user)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, user.App.Server.Address.Port);
        await client.SendAsync(Encoding.ASCII.GetBytes($"POST /api/appuser/setTwoFactorGoogleVerification HTTP/1.1\r\nHost: localhost\r\naccess-token: {user.AccessToken}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"));
        var buffer = new byte[64];
        Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer)).ShouldStartWith("HTTP/1.1 100");
        return client;
    }

    /// <summary>Sends the body and gives the answer.</summary>
    private static async Task<string> Finish(Socket client)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes(Body));
        using var answer = new StreamReader(new NetworkStream(client), Encoding.UTF8);
        return await answer.ReadToEndAsync();
    }
}
