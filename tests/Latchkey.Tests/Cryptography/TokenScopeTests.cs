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
        foreach (var other in new[] { ann.App.Token, ann.Jwt, login, ann.App.Secret })
        {
            (await (ann with { AccessToken = other }).TryGetUser()).ShouldFailWith(405);
            (await (ann with { AccessToken = other }).Get("getApplication")).ShouldFailWith(405);
        }

        foreach (var other in new[] { ann.AccessToken, ann.Jwt, login, ann.App.Secret })
        {
            (await (ann.App with { Token = other }).Get("getApplication")).ShouldFailWith(400);
            (await (ann.App with { Token = other }).TryLogin("ann@example.com")).ShouldFailWith(400);
        }
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

    private Task<InstallationTokens> Tokens() => servers.Main.Installation.Get<InstallationTokens>();

    private async Task<LoggedInUser> Join() => await (await servers.Main.CreateRsaApp("signupFlow=none")).CreateUser("ann@example.com");
}
