namespace Latchkey.Tests.SdkClients;

/// <summary>Every function of the Kotlin SDK.</summary>
public sealed class KotlinSdkTests(ServerFixture servers)
{
    private const string Una = "una+1@example.com";
    private const string Phone = "+15557654321";

    [Fact]
    public async Task A_person_goes_through_all_of_it()
    {
        var app = await CreateApp();
        await app.CreateUser(Una, SdkClient.Md5("first"));
        var una = new KotlinSdk(app);
        (await una.GetApplication())["userNamesEnabled"].ShouldBe(true);
        await una.Login(Una, "first");
        (await una.GetApplication())["passwordMinLength"].ShouldBe(8);
        var user = await una.GetUser();
        (user["handle"], user["twoFactorPhoneVerification"], user["phone"]).ShouldBe((Una, (object)false, null));

        await una.ForgotPassword(Una);
        await una.ResetPassword(Una, "second", await app.LastCodeFor(Una)); // with its App Token in the header access-token
        await una.Login(Una, "second");
        await una.ChangePassword("second", "third");
        (await Should.ThrowAsync<SdkException>(() => una.Login(Una, "second"))).Code.ShouldBe(600);
        await una.Login(Una, "third");

        await una.SetPhone(Phone);
        await una.VerifyPhone(await app.LastCodeFor(Phone));
        await una.SetTwoFactorPhoneVerification(true);
        (await una.GetUser())["twoFactorPhoneVerification"].ShouldBe(true);
        await una.Login(Una, "third");
        await una.LoginComplete(await app.LastCodeFor(Phone));
        await una.SetTwoFactorPhoneVerification(false);
    }

    [Fact]
    public async Task Anonymous_users_log_in()
    {
        var sdk = new KotlinSdk(await CreateApp());
        await sdk.LoginAnonymous("ANON_1");
        (await sdk.GetUser())["handle"].ShouldBe("ANON_1");
    }

    [Fact]
    public async Task An_authenticator_is_switched_off()
    {
        var app = await CreateApp(secondFactor: "google");
        var una = await app.CreateUser(Una, SdkClient.Md5("first"));
        var authenticator = await una.EnableAuthenticator();
        var sdk = new KotlinSdk(app);
        await sdk.Login(Una, "first");
        await sdk.LoginComplete(authenticator.Code());
        await sdk.SetTwoFactorGoogleVerification(false);
        (await sdk.GetUser())["twoFactorGoogleVerification"].ShouldBe(false);
    }

    [Fact]
    public async Task It_cannot_read_numbers_as_flags()
    {
        var app = await CreateApp(flags: "number");
        (await Should.ThrowAsync<SdkException>(() => new KotlinSdk(app).GetApplication())).Code.ShouldBeNull();
        await app.Set("booleanFormat=boolean");
        await new KotlinSdk(app).GetApplication();
    }

    private async Task<App> CreateApp(string secondFactor = "phone", string flags = "boolean") =>
        await (await servers.Unlimited()).CreateApp(
            "signupFlow=none",
            "userNamesEnabled=1",
            "anonymousLoginEnabled=1",
            $"twoFactorVerification={secondFactor}",
            $"booleanFormat={flags}"
        );
}
