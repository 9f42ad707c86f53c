using System.Net;

namespace Latchkey.Tests.Provider;

/// <summary>Somebody signs in in a browser that is signed in already.</summary>
public sealed class SecondSignInTests(ServerFixture servers)
{
    private const string Bob = "bob@example.com";

    [Fact]
    public async Task The_clients_of_the_same_user_go_on_and_sign_out_without_a_question()
    {
        await using var receiver = await LogoutReceiver.Start();
        using var ann = await SignedInBrowser.Start(servers, settings => settings with { LogoutUri = receiver.Uri });
        await SignInAgain(ann, SignedInBrowser.Ann);
        (await OpenSessions(ann)).ShouldBe(1);
        (await Notices(ann)).ShouldBe(0);
        (await UserInfo(ann)).ShouldBe(HttpStatusCode.OK);

        var signedOut = await ann.SignOut();
        signedOut.Steps.ShouldBe([HttpStatusCode.SeeOther]);
        signedOut.Away.ShouldBe($"{SignedInBrowser.Bye}?state=state-1");
        (await OpenSessions(ann)).ShouldBe(0);
        (await UserInfo(ann)).ShouldBe(HttpStatusCode.Unauthorized);
        receiver.Claims.Single().GetProperty("sid").GetString().ShouldBe(ann.Claims.GetProperty("sid").GetString());
    }

    [Fact]
    public async Task The_clients_of_another_user_are_signed_out_and_told()
    {
        await using var receiver = await LogoutReceiver.Start();
        using var ann = await SignedInBrowser.Start(servers, settings => settings with { LogoutUri = receiver.Uri });
        await ann.App.App.CreateUser(Bob);
        await SignInAgain(ann, Bob);
        (await OpenSessions(ann)).ShouldBe(1);
        (await Notices(ann)).ShouldBe(1);
        (await UserInfo(ann)).ShouldBe(HttpStatusCode.Unauthorized);
        (await ann.SignOut()).Text.ShouldContain(Bob);
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_client_keeps_its_auth_time_and_can_end_its_own_grant_only()
    {
        using var ann = await SignedInBrowser.Start(servers);
        await ann.App.Installation.Execute("UPDATE sessions SET created_at = created_at - 5000 WHERE app_id = @Id", new { ann.App.Id });
        var code = (await ann.Browser.Authorize(ann.Client, ("scope", "openid offline_access"))).Code;
        var before = (await ann.Client.Exchange(code)).ShouldBeOk();
        await SignInAgain(ann, SignedInBrowser.Ann);
        var after = (await ann.Client.Token(("grant_type", "refresh_token"), ("refresh_token", before.Text("refresh_token")))).ShouldBeOk();
        AuthTime(after).ShouldBe(AuthTime(before));
        (await ann.Client.Revoke(after.Text("refresh_token"))).ShouldBeOk();
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    private static async Task SignInAgain(SignedInBrowser ann, string handle)
    {
        var login = await ann.Browser.Authorize(ann.Client, ("prompt", "login"));
        (await ann.Browser.SignIn(login, handle)).ShouldHaveCode(ann.App);
    }

    private static long AuthTime(Reply reply) => reply.Claims("id_token").GetProperty("auth_time").GetInt64();

    /// <summary>Those of browsers.</summary>
    private static Task<int> OpenSessions(SignedInBrowser ann) =>
        ann.App.Installation.Query<int>(
            "SELECT COUNT(*) FROM sessions WHERE app_id = @Id AND ended_at IS NULL AND user_agent LIKE 'Mozilla%'",
            new { ann.App.Id }
        );

    private static Task<int> Notices(SignedInBrowser ann) =>
        ann.App.Installation.Query<int>("SELECT COUNT(*) FROM logout_notices WHERE app_id = @Id", new { ann.App.Id });

    private static async Task<HttpStatusCode> UserInfo(SignedInBrowser ann) => (await ann.App.UserInfo(ann.AccessToken)).Status;
}
