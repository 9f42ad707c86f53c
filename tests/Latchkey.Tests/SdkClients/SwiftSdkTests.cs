using System.Text.Json;

namespace Latchkey.Tests.SdkClients;

/// <summary>Every function of the Swift SDK, in all its versions.</summary>
public sealed class SwiftSdkTests(ServerFixture servers)
{
    private const string Una = "una+1@example.com";

    public static TheoryData<string> Versions => [.. SwiftVersion.All.Select(version => version.Name)];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_person_goes_through_all_of_it(string version)
    {
        var app = await CreateApp("twoFactorVerification=google");
        var una = new SwiftSdk(app, SwiftVersion.Named(version));

        await una.Signup("Una+1@example.com", "first", MetaData("""Una +1 & Söhne = "100%" """.Trim()), "DE");
        await una.CompleteSignup("Una+1@example.com", await app.LastCodeFor(Una));
        (una.SignedUserToken?.Split('.').Length).ShouldBe(SwiftVersion.Named(version).DemandsSignedUserToken ? 3 : null);
        await una.Login(Una, "first");
        var user = await una.GetUser();
        (user.GetProperty("handle").GetString(), user.GetProperty("locale").GetString()).ShouldBe((Una, "DE"));
        Name(user).ShouldBe("""Una +1 & Söhne = "100%" """.Trim());
        SwiftSdk.Flag(user, "twoFactorGoogleVerification").ShouldBe(false);

        (await una.UserNameAvailable("una_1")).ShouldBeTrue();
        await una.SetUserName("una_1");
        await una.SetUserMetadata(MetaData("rock & roll + \"blues\""));
        await una.SetLocale("EN");
        user = await una.GetUser();
        (user.GetProperty("userName").GetString(), user.GetProperty("locale").GetString()).ShouldBe(("una_1", "EN"));
        Name(user).ShouldBe("rock & roll + \"blues\"");

        await una.Invite("kim+2@example.com", """{"invite_data":{"coupon":"C & 1"}}""", "U1");
        await una.Register("kim+2@example.com", "kims own", MetaData("Kim & Co"), await app.LastCodeFor("kim+2@example.com"));
        var kim = await una.GetUser(); // the same phone, another person
        (kim.GetProperty("handle").GetString(), Name(kim)).ShouldBe(("kim+2@example.com", "Kim & Co"));
        LoggedInUser.DecodePart(una.Jwt!, 1).GetProperty("invite_data").GetProperty("coupon").GetString().ShouldBe("C & 1");

        await una.Login("una_1", "first");
        await una.ForgotPassword(Una);
        await una.ResetPassword(Una, "second", await app.LastCodeFor(Una));
        await una.Login(Una, "second");

        var authenticator = new Authenticator((await una.SetTwoFactorGoogleVerification(true))!);
        await una.Login(Una, "second");
        await una.LoginComplete(authenticator.Code());
        SwiftSdk.Flag(await una.GetUser(), "twoFactorGoogleVerification").ShouldBe(true);
        await una.SetTwoFactorGoogleVerification(false);

        await una.ChangePassword("second", "third");
        (await Refusal(() => una.Login(Una, "second"))).ShouldBe(600);
        await una.Login(Una, "third");
        await una.DeleteAccount(Una, "third");
        (await Refusal(() => una.Login(Una, "third"))).ShouldBe(600);
        await una.Login("kim+2@example.com", "kims own");
    }

    [Theory]
    [InlineData("+15557654321", "+15557654321")]
    [InlineData("15557654321", "+15557654321")]
    [InlineData("19195551212", "+19195551212")]
    public async Task A_phone_is_verified_though_its_plus_is_raw_or_missing(string typed, string stored)
    {
        var app = await CreateApp("twoFactorVerification=phone", "signupFlow=none");
        var pia = new SwiftSdk(app, SwiftVersion.All[^1]);
        await pia.Signup("pia@example.com", "pias own", MetaData("Pia"));
        await pia.SetPhone(typed);
        await pia.VerifyPhone(await app.LastCodeFor(stored));
        await pia.SetTwoFactorPhoneVerification(true);
        var user = await pia.GetUser();
        (user.GetProperty("phone").GetString(), SwiftSdk.Flag(user, "phoneVerified")).ShouldBe((stored, true));
        await pia.Login("pia@example.com", "pias own");
        await pia.LoginComplete(await app.LastCodeFor(stored));
        await pia.SetTwoFactorPhoneVerification(false);
    }

    [Theory]
    [InlineData("number")]
    [InlineData("boolean")]
    public async Task It_reads_both_forms_of_flags(string format)
    {
        var sdk = new SwiftSdk(await CreateApp("anonymousLoginEnabled=1", $"booleanFormat={format}"), SwiftVersion.All[^1]);
        var application = await sdk.GetApplication();
        string[] flags = ["anonymousLoginEnabled", "userNamesEnabled", "googleLoginEnabled", "appleLoginEnabled", "passwordFilter"];
        flags.Select(flag => SwiftSdk.Flag(application, flag)).ShouldBe([true, true, false, false, false]);
        await sdk.LoginAnonymous("ANON_7E2F-1");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_common_password_is_invalid_data_and_no_internal_error(string version)
    {
        var sdk = new SwiftSdk(await CreateApp(), SwiftVersion.Named(version));
        (await Refusal(() => sdk.Signup("una@example.com", "password", null))).ShouldBe(602);
    }

    [Fact]
    public async Task Its_own_check_of_the_jwt_takes_the_key_that_the_portal_shows()
    {
        var app = await servers.Main.CreateRsaApp("signupFlow=none");
        var sdk = new SwiftSdk(app, SwiftVersion.All[^1]);
        await sdk.Signup("una@example.com", "unas own", null);
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var page = await viewer.Get($"/portal/applications/{app.Id}/keys");
        sdk.IsValidJwt(page.Text("#copy-public-key-swift")).ShouldBeTrue();
        sdk.IsValidJwt(page.Text("#copy-public-key-raw")).ShouldBeFalse();
    }

    private static string MetaData(string name) => JsonSerializer.Serialize(new { user_data = new { name } }, Unescaped);

    private static string? Name(JsonElement user) => user.GetProperty("metaData").GetProperty("user_data").GetProperty("name").GetString();

    private static readonly JsonSerializerOptions Unescaped = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static async Task<int?> Refusal(Func<Task> call) => (await Should.ThrowAsync<SdkException>(call)).Code;

    private async Task<App> CreateApp(params string[] settings) =>
        await (await servers.Unlimited()).CreateApp([
            "userNamesEnabled=1",
            "locales=EN,DE",
            """metaData=[{"path":"user_data.name","fieldName":"name"}]""",
            """metaDataInvite=[{"path":"invite_data.coupon","fieldName":"coupon"}]""",
            .. settings,
        ]);
}
