namespace Latchkey.Tests.SdkClients;

/// <summary>One person's life with an app, as each released SDK would send it.</summary>
public sealed class SdkFlowTests(ServerFixture servers)
{
    public static TheoryData<string> Sdks => ["swift", "reactnative", "android"];

    [Theory]
    [MemberData(nameof(Sdks))]
    public async Task A_person_goes_through_all_of_it(string name)
    {
        var sdk = Sdk.Named(name);
        var app = await CreateApp(sdk);
        var una = new SdkClient(app, sdk);
        (await una.GetApplication()).GetProperty("twoFactorVerification").GetString().ShouldBe("google");

        await una.Signup("Una+1@example.com", "first", """{"user_data":{"name":"Una +1 = \"Ü\""}}""");
        await una.CompleteSignup("Una+1@example.com", await app.LastCodeFor("una+1@example.com"));
        await una.Login("una+1@example.com", "first");
        var user = await una.GetUser();
        user.GetProperty("handle").GetString().ShouldBe("una+1@example.com");
        user.GetProperty("metaData").GetProperty("user_data").GetProperty("name").GetString().ShouldBe("Una +1 = \"Ü\"");
        await una.GetApplication();

        (await una.UserNameAvailable("una_1")).ShouldBeTrue();
        await una.SetUserName("una_1");
        await una.SetMetadata("""{"user_data":{"name":"Una","hobby":"rock + roll"}}""");
        await una.SetLocale("DE");
        user = await una.GetUser();
        (user.GetProperty("userName").GetString(), user.GetProperty("locale").GetString()).ShouldBe(("una_1", "DE"));
        user.GetProperty("metaData").GetProperty("user_data").GetProperty("hobby").GetString().ShouldBe("rock + roll");

        await una.Invite("kim+2@example.com", """{"invite_data":{"coupon":"C 1"}}""");
        await una.Register("kim+2@example.com", "kims own", await app.LastCodeFor("kim+2@example.com"), """{"user_data":{"name":"Kim"}}""");
        (await una.GetUser()).GetProperty("handle").GetString().ShouldBe("kim+2@example.com"); // the same phone, another person

        await una.Login("una_1", "first");
        await una.ForgotPassword("una+1@example.com");
        await una.ResetPassword("una+1@example.com", "second", await app.LastCodeFor("una+1@example.com"));
        await una.Login("una+1@example.com", "second");

        var authenticator = await una.SetTwoFactorGoogleVerification(true);
        await una.LoginWithSecondFactor("una+1@example.com", "second");
        await una.LoginComplete(authenticator.Code());
        (await una.GetUser()).GetProperty("twoFactorGoogleVerification").GetBoolean().ShouldBeTrue();
        await una.SetTwoFactorGoogleVerification(false);

        await una.ChangePassword("second", "third");
        (await una.CanLogin("una+1@example.com", "second")).ShouldBeFalse();
        await una.Login("una+1@example.com", "third");
        await una.DeleteAccount("una+1@example.com", "third");
        (await una.CanLogin("una+1@example.com", "third")).ShouldBeFalse();
        (await una.CanLogin("kim+2@example.com", "kims own")).ShouldBeTrue();
    }

    private async Task<App> CreateApp(Sdk sdk) =>
        await (await servers.Unlimited()).CreateRsaApp(
            "userNamesEnabled=1",
            "twoFactorVerification=google",
            "locales=EN,DE",
            $"booleanFormat={(sdk.ReadsBooleans ? "boolean" : "number")}",
            """metaData=[{"path":"user_data.name","fieldName":"name","required":true},{"path":"user_data.hobby","fieldName":"hobby"}]""",
            """metaDataInvite=[{"path":"invite_data.coupon","fieldName":"coupon"}]"""
        );
}
