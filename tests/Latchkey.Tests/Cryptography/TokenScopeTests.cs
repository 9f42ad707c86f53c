using Latchkey.Cryptography;

namespace Latchkey.Tests.Cryptography;

/// <summary>A token is good for one thing and one application.</summary>
public sealed class TokenScopeTests(ServerFixture servers)
{
    [Fact]
    public async Task No_kind_is_taken_for_another()
    {
        var ann = await Join();
        var login = (await Tokens()).Write(new LoginToken(ann.App.Id, "ann@example.com", "id", 1));
        var signedUser = await SignedUserToken(ann.App);
        foreach (var other in new[] { ann.App.Token, ann.Jwt, login, ann.App.Secret, signedUser })
        {
            (await (ann with { AccessToken = other }).TryGetUser()).ShouldFailWith(405);
        }

        foreach (var other in new[] { ann.Jwt, login, ann.App.Secret, signedUser })
        {
            (await (ann with { AccessToken = other }).Get("getApplication")).ShouldFailWith(405);
        }

        foreach (var other in new[] { ann.AccessToken, ann.Jwt, login, ann.App.Secret, signedUser })
        {
            (await (ann.App with { Token = other }).Get("getApplication")).ShouldFailWith(400);
            (await (ann.App with { Token = other }).TryLogin("ann@example.com")).ShouldFailWith(400);
        }
    }

    [Fact]
    public async Task A_signed_user_token_is_read_by_old_apps_and_accepted_nowhere()
    {
        var app = (await Join()).App;
        var token = await SignedUserToken(app);
        var (header, claims) = (LoggedInUser.DecodePart(token, 0), LoggedInUser.DecodePart(token, 1));
        (header.GetProperty("alg").GetString(), header.GetProperty("typ").GetString()).ShouldBe(("HS256", "signed-user+jwt"));
        claims.EnumerateObject().Select(claim => claim.Name).ShouldBe(["handle", "appId", "iat", "exp"]);
        (claims.GetProperty("handle").GetString(), claims.GetProperty("appId").GetString()).ShouldBe(("bob@example.com", app.Id));
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(300);
        (await app.SendAsServer(HttpMethod.Post, "verify", new { token })).ShouldFailWith(405);
        (await app.LoginComplete(token, "111111")).ShouldFailWith(600);
        (await app.Post("completeSignup", new { handle = "bob@example.com", code = token })).ShouldFailWith(602);
        (await app.Get("getApplication", ("app-token", token))).ShouldFailWith(400);
    }

    [Fact]
    public async Task A_session_of_one_application_is_none_of_another()
    {
        var (one, other) = (await Join(), await Join());
        var tokens = await Tokens();
        var token = tokens.ReadAccess(one.AccessToken)!;
        (await (one with { AccessToken = tokens.Write(token with { AppId = other.App.Id }) }).TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    public async Task An_app_token_of_one_application_is_none_of_another()
    {
        var (one, other) = (await Join(), await Join());
        var tokens = await Tokens();
        var token = tokens.ReadApp(one.App.Token)!;
        (await (one.App with { Token = tokens.Write(token with { AppId = other.App.Id }) }).Get("getApplication")).ShouldFailWith(400);
    }

    [Fact]
    public async Task Applications_sign_with_keys_of_their_own()
    {
        var (one, other) = (await Join(), await Join());
        using var rsa = System.Security.Cryptography.RSA.Create();
        rsa.ImportFromPem(other.App.PublicKey);
        using var key = new RsaKey(rsa.ExportParameters(false), null);
        Jwt.Verify(one.Jwt, _ => key).ShouldBeNull();
        Jwt.Verify(other.Jwt, _ => key).ShouldNotBeNull();
    }

    /// <summary>Of a user who registers with an invitation.</summary>
    private static async Task<string> SignedUserToken(App app)
    {
        (await app.InviteByServer("bob@example.com")).ShouldBeTrue();
        return app.ParseTokens(await app.Register("bob@example.com", await app.LastCodeFor("bob@example.com"))).SignedUserToken!;
    }

    private Task<InstallationTokens> Tokens() => servers.Main.Installation.Get<InstallationTokens>();

    private async Task<LoggedInUser> Join() => await (await servers.Main.CreateRsaApp("signupFlow=none")).CreateUser("ann@example.com");
}
