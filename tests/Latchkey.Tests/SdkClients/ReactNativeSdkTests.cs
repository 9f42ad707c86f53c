using System.Text.Json;

namespace Latchkey.Tests.SdkClients;

/// <summary>Every function of the React Native SDK, which sends its access token and nothing else once it has one.</summary>
public sealed class ReactNativeSdkTests(ServerFixture servers)
{
    private const string Una = "una+1@example.com";
    private const string Phone = "+15557654321";

    [Fact]
    public async Task A_person_goes_through_all_of_it()
    {
        var app = await CreateApp("twoFactorVerification=google");
        var una = new ReactNativeSdk(app);
        (await una.GetApplication()).GetProperty("userNamesEnabled").GetInt32().ShouldBe(1);
        await una.Signup(Una, SdkClient.Md5("first"), MetaData("Una & Co"));
        await una.CompleteSignup(Una, await app.LastCodeFor(Una));
        await una.Login(Una, "first");
        Name(await una.GetUser()).ShouldBe("Una & Co");
        await una.GetApplication();

        (await una.UserNameAvailable("una_1")).ShouldBeTrue();
        await una.SetUserName("una_1");
        await una.SetUserMetadata(MetaData("Una + 1"));
        await una.SetLocale("DE");
        Name(await una.GetUser()).ShouldBe("Una + 1");

        await una.Invite("kim@example.com", new { invite_data = new { coupon = "C1" } }, "U1");
        await una.Register("kim@example.com", "kims own", await app.LastCodeFor("kim@example.com"), MetaData("Kim"));
        (await una.GetUser()).GetProperty("handle").GetString().ShouldBe("kim@example.com");

        await una.Login("una_1", "first"); // with Kim's access token
        await una.ForgotPassword(Una);
        await una.ResetPassword(Una, "second", await app.LastCodeFor(Una)); // ends the session
        await una.Login(Una, "second"); // whose token still names the application
        var authenticator = new Authenticator((await una.SetTwoFactorGoogleVerification(true))!);
        await una.Login(Una, "second");
        await una.LoginComplete(authenticator.Code());
        (await una.SetTwoFactorGoogleVerification(false)).ShouldBeNull();
        await una.ChangePassword("second", "third");
        (await Should.ThrowAsync<SdkException>(() => una.Login(Una, "second"))).Code.ShouldBe(600);
        await una.Login(Una, "third");
        await una.DeleteAccount(Una, "third");
        (await Should.ThrowAsync<SdkException>(() => una.Login(Una, "third"))).Code.ShouldBe(600);
        una.Logout();
        await una.Login("kim@example.com", "kims own");
    }

    [Fact]
    public async Task An_app_whose_session_has_ended_starts_again()
    {
        var app = await CreateApp();
        var sdk = new ReactNativeSdk(app);
        await sdk.LoginAnonymous("ANON_1");
        await app.Installation.Execute("UPDATE sessions SET expires_at = 1 WHERE app_id = @Id", new { app.Id });
        (await Should.ThrowAsync<SdkException>(sdk.GetUser)).Code.ShouldBe(501);
        await sdk.GetApplication();
        await sdk.LoginAnonymous("ANON_1");
        (await sdk.GetUser()).GetProperty("handle").GetString().ShouldBe("ANON_1");
    }

    [Fact]
    public async Task An_anonymous_user_who_signs_up_stays_the_same_user()
    {
        var app = await CreateApp();
        var sdk = new ReactNativeSdk(app);
        await sdk.LoginAnonymous("ANON_1");
        var id = Id(sdk.Jwt);
        await sdk.Signup(Una, SdkClient.Md5("first"), MetaData("Una"));
        await sdk.CompleteSignup(Una, await app.LastCodeFor(Una)); // ends the anonymous session, whose token the SDK keeps
        await sdk.Login(Una, "first");
        (Id(sdk.Jwt), await app.CountUsers("ANON_1")).ShouldBe((id, 0));
    }

    [Fact]
    public async Task An_anonymous_user_who_accepts_an_invitation_stays_the_same_user()
    {
        var app = await CreateApp();
        (await app.InviteByServer("kim@example.com")).ShouldBeTrue();
        var sdk = new ReactNativeSdk(app);
        await sdk.LoginAnonymous("ANON_1");
        var id = Id(sdk.Jwt);
        await sdk.Register("kim@example.com", "kims own", await app.LastCodeFor("kim@example.com"), MetaData("Kim"));
        (Id(sdk.Jwt), await app.CountUsers("ANON_1")).ShouldBe((id, 0));
    }

    [Fact]
    public async Task A_second_person_signs_up_on_the_phone_of_the_first()
    {
        var app = await CreateApp("signupFlow=none");
        var sdk = new ReactNativeSdk(app);
        await sdk.Signup(Una, SdkClient.Md5("first"), MetaData("Una"));
        await sdk.Login(Una, "first");
        var una = Id(sdk.Jwt);
        await sdk.Signup("kim@example.com", SdkClient.Md5("kims own"), MetaData("Kim")); // with Una's access token
        Id(sdk.Jwt).ShouldNotBe(una);
        (await sdk.GetUser()).GetProperty("handle").GetString().ShouldBe(Una);
    }

    [Fact]
    public async Task A_password_that_a_release_does_not_hash_at_signup_logs_in_hashed()
    {
        var app = await CreateApp();
        var sdk = new ReactNativeSdk(app);
        await sdk.Signup(Una, "violet harbour 42", MetaData("Una"));
        await sdk.CompleteSignup(Una, await app.LastCodeFor(Una));
        await sdk.Login(Una, "violet harbour 42");
    }

    [Fact]
    public async Task A_phone_is_verified_and_logs_in()
    {
        var app = await CreateApp("signupFlow=none", "twoFactorVerification=phone");
        var pia = new ReactNativeSdk(app);
        await pia.Signup("pia@example.com", SdkClient.Md5("pias own"), MetaData("Pia"));
        await pia.Login("pia@example.com", "pias own");
        await pia.SetPhone(Phone[1..]); // the plus is left out
        await pia.VerifyPhone(await app.LastCodeFor(Phone));
        await pia.SetTwoFactorPhoneVerification(true);
        await pia.Login("pia@example.com", "pias own");
        await pia.LoginComplete(await app.LastCodeFor(Phone));
        (await pia.GetUser()).GetProperty("phone").GetString().ShouldBe(Phone);
    }

    private static object MetaData(string name) => new { user_data = new { name } };

    private static string? Name(JsonElement user) => user.GetProperty("metaData").GetProperty("user_data").GetProperty("name").GetString();

    private static string? Id(string? jwt) => LoggedInUser.DecodePart(jwt!, 1).GetProperty("uid").GetString();

    private async Task<App> CreateApp(params string[] settings) =>
        await (await servers.Unlimited()).CreateApp([
            "userNamesEnabled=1",
            "anonymousLoginEnabled=1",
            "locales=EN,DE",
            """metaData=[{"path":"user_data.name","fieldName":"name","required":true}]""",
            """metaDataInvite=[{"path":"invite_data.coupon","fieldName":"coupon"}]""",
            .. settings,
        ]);
}
