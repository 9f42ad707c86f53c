using Latchkey.Tests.Api.SocialLogin;

namespace Latchkey.Tests.SdkClients;

/// <summary>Apple and Google with the SDKs that have them.</summary>
public sealed class SdkSocialLoginTests(SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    private const string Ada = "ada+1@example.com";

    [Theory]
    [InlineData("apple")]
    [InlineData("google")]
    public async Task The_swift_sdk_signs_up_with_a_raw_plus_in_the_handle(string provider)
    {
        var app = await social.CreateApp("""metaData=[{"path":"user_data.name","fieldName":"name"}]""");
        var sdk = new SwiftSdk(app, SwiftVersion.All[^1]);
        (await Should.ThrowAsync<SdkException>(() => sdk.SocialLogin(social.Provider.Token(provider, Ada), provider))).Code.ShouldBe(603);
        await sdk.SocialSignup(social.Provider.Token(provider, Ada), Ada, provider, """{"user_data":{"name":"A & B"}}""");
        await sdk.SocialLogin(social.Provider.Token(provider, Ada), provider);
        var user = await sdk.GetUser();
        (user.GetProperty("handle").GetString(), user.GetProperty("loginProvider").GetString()).ShouldBe((Ada, provider));
        await sdk.DeleteSocialAccount(social.Provider.Token(provider, Ada), provider);
    }

    [Fact]
    public async Task The_react_native_sdk_upgrades_an_anonymous_user()
    {
        var app = await social.CreateApp("anonymousLoginEnabled=1");
        var sdk = new ReactNativeSdk(app);
        await sdk.LoginAnonymous("ANON_1");
        await sdk.SocialSignup(social.Provider.Token("google", Ada), Ada, "google");
        (await app.CountUsers("ANON_1")).ShouldBe(0);
        await sdk.SocialLogin(social.Provider.Token("google", Ada), "google"); // with its access token
        (await sdk.GetUser()).GetProperty("handle").GetString().ShouldBe(Ada);
    }

    [Fact]
    public async Task A_named_user_who_signs_up_socially_is_not_upgraded()
    {
        var app = await social.CreateApp("signupFlow=none");
        var sdk = new ReactNativeSdk(app);
        await sdk.Signup("una@example.com", SdkClient.Md5("unas own"));
        await sdk.Login("una@example.com", "unas own");
        await sdk.SocialSignup(social.Provider.Token("google", Ada), Ada, "google");
        (await app.CountUsers("una@example.com"), await app.CountUsers(Ada)).ShouldBe((1, 1));
    }
}
