using System.Text.Json;

namespace Latchkey.Tests.Api.Authentication;

/// <summary>Row 70: forged tokens and guessed secrets leave a trace.</summary>
public sealed class UnknownCredentialTests(ServerFixture servers)
{
    [Theory]
    [InlineData("app-token", "getApplication")]
    [InlineData("access-token", "getUser")]
    [InlineData("app-secret", "users")]
    public async Task Fifty_within_a_minute_are_two_lines_that_name_the_network(string kind, string function)
    {
        var server = await servers.Start();
        var app = await server.CreateApp();
        var stem = app.Token[..^6];
        var path = kind == "app-secret" ? "/api/server/users" : $"/api/appuser/{function}";
        for (var i = 0; i < 50; i++)
        {
            var reply = await server.Send(server.Request(HttpMethod.Get, path, (kind, $"{stem}{i:D6}")), "127.7.7.7");
            reply.Status.ShouldNotBe(System.Net.HttpStatusCode.OK);
        }

        await server.LogLine($"Unknown {kind} from 127.7.7.7: 10 within a minute");
        (await server.Stop()).ShouldBe(0);
        server
            .Log.Where(line => line.Contains($"Unknown {kind}", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("State").GetProperty("Count").GetInt32())
            .ShouldBe([1, 10]);
        server.Log.ShouldNotContain(line => line.Contains(stem, StringComparison.Ordinal));
        TestScale.RecordFigure(70, $"50 unknown {kind} credentials: counted, 2 lines of log");
    }

    [Fact]
    public async Task What_was_issued_and_has_ended_is_no_forgery()
    {
        var server = await servers.Start();
        var app = await server.CreateApp("signupFlow=none");
        var user = await app.CreateUser("ann@example.com");
        (await user.TryGetUser()).ShouldBeOk();
        await app.Installation.Execute("DELETE FROM sessions");
        (await user.TryGetUser()).Code.ShouldBe(405);
        (await app.Get("getUser")).Code.ShouldBe(405);
        (await server.Stop()).ShouldBe(0);
        server.Log.ShouldNotContain(line => line.Contains("Unknown a", StringComparison.Ordinal));
    }
}
