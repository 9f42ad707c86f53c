using System.Security.Cryptography;
using Latchkey.Cryptography;
using Latchkey.Tests.Applications.Credentials;

namespace Latchkey.Tests.Cryptography;

/// <summary>10,000 truncations and bit flips of every kind of token: 0 accepted.</summary>
public sealed class TokenMutationTests(ServerFixture servers)
{
    private const int Times = 10_000;

    [Fact]
    public async Task Of_an_access_token_none_is_read() => Refused((await Ann()).AccessToken, (await Tokens()).ReadAccess);

    [Fact]
    public async Task Of_an_app_token_none_is_read() => Refused((await Ann()).App.Token, (await Tokens()).ReadApp);

    [Fact]
    public async Task Of_a_login_token_none_is_read()
    {
        var tokens = await Tokens();
        Refused(tokens.Write(new LoginToken("app", "ann@example.com", "id", 1)), tokens.ReadLogin);
    }

    [Fact]
    public async Task Of_a_user_jwt_none_verifies()
    {
        var ann = await Ann();
        using var rsa = RSA.Create();
        rsa.ImportFromPem(ann.App.PublicKey);
        using var key = new RsaKey(rsa.ExportParameters(false), null);
        Refused(ann.Jwt, token => Jwt.Verify(token, _ => key));
    }

    [Fact]
    public async Task Of_a_user_jwt_in_ES256_none_verifies()
    {
        var app = (await Ann()).App;
        await app.RotateTo(JwsKey.Es256);
        var ann = await app.Login("ann@example.com");
        using var ec = ECDsa.Create();
        ec.ImportFromPem((await app.Server.Get($"/apps/{app.Id}/public-key.pem")).Text);
        using var key = new EcKey(ec.ExportParameters(false), null);
        Refused(ann.Jwt, token => Jwt.Verify(token, _ => key));
    }

    [Fact]
    public async Task The_server_refuses_them_too()
    {
        var ann = await Ann();
        for (var i = 0; i < 100; i++)
        {
            (await (ann with { AccessToken = Mutated(ann.AccessToken).Replace('\n', ' ').Replace('\r', ' ') }).TryGetUser()).ShouldFailWith(
                405
            );
        }
    }

    [Fact]
    public async Task Of_secrets_sessions_and_links_that_are_looked_up_none_is_found()
    {
        var (server, times) = (await servers.Unlimited(), TestScale.Size(100, Times));
        var app = await server.CreateApp("signupFlow=link", "callsPerSecond=1000000");
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        var link = System.Web.HttpUtility.ParseQueryString(new Uri((await app.Mails("ann@example.com"))[0].Link!).Query)["code"]!;
        var browser = await (await PortalAccount.Create(server)).SignIn();
        var session = browser.Session!;
        await Parallel.ForAsync(
            0,
            times,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (i, _) =>
            {
                (await app.SendAsServer(HttpMethod.Get, "users", secret: Bent(app.Secret, i))).ShouldFailWith(400);
                (await app.Complete("ann@example.com", Bent(link, i))).ShouldFailWith(602);
                var thief = new PortalClient(server);
                thief.Cookies[PortalClient.SessionCookie] = Bent(session, i);
                (await thief.IsSignedIn()).ShouldBeFalse();
            }
        );
        (await app.SendAsServer(HttpMethod.Get, "users")).ShouldBeOk();
        (await browser.IsSignedIn()).ShouldBeTrue();
        (await app.Complete("ann@example.com", link)).ShouldBeOk();
        TestScale.RecordFigure(28, $"{times:N0} each of App Secrets, portal sessions and mailed links over HTTP, 0 found");
    }

    /// <summary>Cut short, or with one character exchanged for another that may stand there.</summary>
    private static string Bent(string text, int i)
    {
        var at = RandomNumberGenerator.GetInt32(text.Length);
        return i % 4 == 0 && at > 0 ? text[..at] : string.Concat(text.AsSpan(0, at), [text[at] == 'a' ? 'b' : 'a'], text.AsSpan(at + 1));
    }

    private static void Refused(string token, Func<string, object?> read)
    {
        read(token).ShouldNotBeNull();
        for (var length = 0; length < token.Length; length++)
        {
            read(token[..length]).ShouldBeNull();
        }

        for (var i = 0; i < Times; i++)
        {
            var mutated = Mutated(token);
            read(mutated).ShouldBeNull(mutated);
        }

        TestScale.RecordFigure(28, $"{token.Length + Times:N0} truncations and bit flips, 0 accepted");
    }

    private static string Mutated(string token)
    {
        var at = RandomNumberGenerator.GetInt32(token.Length);
        var flipped = (char)(token[at] ^ (1 << RandomNumberGenerator.GetInt32(7)));
        return string.Concat(token.AsSpan(0, at), [flipped], token.AsSpan(at + 1));
    }

    private Task<InstallationTokens> Tokens() => servers.Main.Installation.Get<InstallationTokens>();

    private async Task<LoggedInUser> Ann() => await (await servers.Main.CreateRsaApp("signupFlow=none")).CreateUser("ann@example.com");
}
