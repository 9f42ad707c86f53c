using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Tests.Users.Sessions;

/// <summary>An access token is good as long as its session, and not a request longer.</summary>
public sealed class SessionRevocationTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Logging_out_ends_this_session_alone()
    {
        var (one, other) = await TwoSessions();
        (await one.Post("logout", new { })).ShouldBeTrue();
        (await one.TryGetUser()).ShouldFailWith(405);
        (await other.TryGetUser()).ShouldBeOk();
    }

    [Theory]
    [InlineData("""{"everywhere":true}""")]
    [InlineData("""{"everywhere":"true"}""")]
    [InlineData("""{"everywhere":1}""")]
    public async Task Logging_out_everywhere_ends_all(string body)
    {
        var (one, other) = await TwoSessions();
        (
            await one.App.PostRaw("logout", new StringContent(body, null, "application/json"), ("access-token", one.AccessToken))
        ).ShouldBeTrue();
        (await one.TryGetUser()).ShouldFailWith(405);
        (await other.TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    [Covers(404)]
    [Covers(405)]
    public async Task Suspension_is_told_and_reactivation_revives_nothing()
    {
        var (one, other) = await TwoSessions();
        (await one.App.Installation.Run("user", "suspend", one.App.Id, Ann)).ShouldSucceed();
        (await one.TryGetUser()).ShouldFailWith(404);
        (await one.App.Installation.Run("user", "activate", one.App.Id, Ann)).ShouldSucceed();
        (await one.TryGetUser()).ShouldFailWith(405);
        (await other.TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    public async Task A_deleted_user_has_none()
    {
        var (one, _) = await TwoSessions();
        (await one.App.Installation.Run("user", "delete", one.App.Id, Ann)).ShouldSucceed();
        (await one.TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    public async Task A_changed_password_ends_the_others()
    {
        var (one, other) = await TwoSessions();
        (await one.Post("changePassword", new { password = App.Password, newPassword = "another good password" })).ShouldBeTrue();
        (await one.TryGetUser()).ShouldBeOk();
        (await other.TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    public async Task A_password_that_an_administrator_sets_ends_all()
    {
        var (one, other) = await TwoSessions();
        (
            await one.App.Installation.RunWithInput("another good password", "user", "reset-password", one.App.Id, Ann, "--password-stdin")
        ).ShouldSucceed();
        (await one.TryGetUser()).ShouldFailWith(405);
        (await other.TryGetUser()).ShouldFailWith(405);
        (await one.App.Mails(Ann))[0].Kind.ShouldBe("passwordChanged");
    }

    [Fact]
    [Covers(501)]
    public async Task An_expired_token_is_told_so()
    {
        var (one, _) = await TwoSessions();
        var tokens = await one.App.Installation.Get<InstallationTokens>();
        var token = tokens.ReadAccess(one.AccessToken)!;
        var expired = one with { AccessToken = tokens.Write(token with { ExpiresAt = (TimeProvider.System.Now() / 1000) - 1 }) };
        (await expired.TryGetUser()).ShouldFailWith(501);
        (await one.TryGetUser()).ShouldBeOk();
    }

    [Fact]
    public async Task A_session_that_expired_in_the_database_is_told_so_too()
    {
        var (one, _) = await TwoSessions();
        await one.App.Installation.Execute("UPDATE sessions SET expires_at = 1 WHERE app_id = @Id", new { one.App.Id });
        (await one.TryGetUser()).ShouldFailWith(501);
    }

    [Fact]
    public async Task Tokens_live_as_long_as_the_application_says()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "accessTokenExpiration=2", "userJWTExpiration=3");
        var ann = await app.CreateUser(Ann);
        var access = LoggedInUser.DecodePart(ann.AccessToken, 1);
        (access.GetProperty("exp").GetInt64() - access.GetProperty("iat").GetInt64()).ShouldBe(2 * 3600);
        (ann.Claims.GetProperty("exp").GetInt64() - ann.Claims.GetProperty("iat").GetInt64()).ShouldBe(3 * 3600);
    }

    private async Task<(LoggedInUser One, LoggedInUser Other)> TwoSessions()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        return (await app.CreateUser(Ann), await app.Login(Ann));
    }
}
