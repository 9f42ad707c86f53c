using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Latchkey.Tests.Provider;

/// <summary>What the certification suite checks of a logout token.</summary>
public sealed class LogoutTokenTests(ServerFixture servers)
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    [Fact]
    public async Task K_03_The_form_has_the_logout_token_and_nothing_else() => (await Receive()).Form.Keys.ShouldBe(["logout_token"]);

    [Fact]
    public async Task K_04_The_connection_has_the_newest_encryption()
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-tls-").FullName;
        await LocalhostCertificate.Write(folder);
        await using var receiver = await LogoutReceiver.StartTls(folder);
        var server = await servers.StartOn(
            await servers.NewInstallation(),
            environment: [("SSL_CERT_FILE", Path.Combine(folder, "ca.pem"))]
        );
        var app = new ProviderApp(await App.CreateRsa(server, ["signupFlow=none"]));
        var (client, user) = (await app.AddLogoutClient(receiver), await app.App.CreateUser("ann@example.com"));
        await app.AddGrant(client, user);
        (await user.Post("logout", new { })).ShouldBeTrue();
        await receiver.WaitFor(1);
        receiver.Protocol.ShouldBe(System.Security.Authentication.SslProtocols.Tls13);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task K_05_The_published_keys_verify_it()
    {
        var received = await Receive();
        var server = received.App.App.Server;
        var keys = await server.Send(server.Request(HttpMethod.Get, $"/apps/{received.App.Id}/.well-known/jwks.json"), "127.0.0.1");
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            received.Form["logout_token"],
            new TokenValidationParameters
            {
                ValidIssuer = received.App.Issuer,
                ValidAudience = received.Client.Id,
                IssuerSigningKeys = new JsonWebKeySet(keys.ShouldBeOk().Text).GetSigningKeys(),
                ValidTypes = ["logout+jwt"],
            }
        );
        result.IsValid.ShouldBeTrue(result.Exception?.Message);
    }

    [Fact]
    public async Task K_06_The_issuer_is_the_applications()
    {
        var received = await Receive();
        received.Claims.GetProperty("iss").GetString().ShouldBe(received.App.Issuer);
    }

    [Fact]
    public async Task K_07_The_audience_is_the_client()
    {
        var received = await Receive();
        received.Claims.GetProperty("aud").GetString().ShouldBe(received.Client.Id);
    }

    [Fact]
    public async Task K_08_It_was_issued_now()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds((await Receive()).Claims.GetProperty("iat").GetInt64());
        (TimeProvider.System.GetUtcNow() - at).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task K_09_It_has_an_id() => (await Receive()).Claims.GetProperty("jti").GetString().ShouldNotBeNullOrEmpty();

    [Fact]
    public async Task K_10_It_has_exactly_the_one_event()
    {
        var only = (await Receive()).Claims.GetProperty("events").EnumerateObject().Single();
        only.Name.ShouldBe(Event);
        only.Value.ValueKind.ShouldBe(JsonValueKind.Object);
        only.Value.EnumerateObject().ShouldBeEmpty();
    }

    [Fact]
    public async Task K_11_It_names_the_user_and_the_session_of_the_ID_token()
    {
        var received = await Receive();
        received.Claims.GetProperty("sub").GetString().ShouldBe(received.User.Claims.GetProperty("uid").GetString());
        received.Claims.GetProperty("sid").GetString().ShouldBe(received.Sid);
    }

    [Fact]
    public async Task K_12_It_has_no_nonce() => (await Receive()).Claims.TryGetProperty("nonce", out _).ShouldBeFalse();

    private async Task<Received> Receive()
    {
        await using var receiver = await LogoutReceiver.Start();
        var app = await ProviderApp.Create(servers);
        var (client, user) = (await app.AddLogoutClient(receiver), await app.App.CreateUser("ann@example.com"));
        var sid = await app.AddGrant(client, user);
        (await user.Post("logout", new { })).ShouldBeTrue();
        await receiver.WaitFor(1);
        return new Received(app, client, user, sid, receiver.Forms[0], receiver.Claims[0]);
    }

    private sealed record Received(
        ProviderApp App,
        ProviderClient Client,
        LoggedInUser User,
        string Sid,
        IReadOnlyDictionary<string, string> Form,
        JsonElement Claims
    );
}
