using System.Net;
using System.Text.Json;

namespace Latchkey.Tests.Api.Discovery;

public sealed class GetApplicationTests(ServerFixture servers)
{
    private static readonly string[] Fields =
    [
        "name",
        "twoFactorVerification",
        "passwordFilter",
        "passwordMinLength",
        "passwordMinUpper",
        "passwordMinLower",
        "passwordMinDigit",
        "passwordMinSpecial",
        "appData",
        "realmAppId",
        "signupEnabled",
        "metaData",
        "metaDataInvite",
        "metaDataEmail",
        "signupFlow",
        "userJWTExpiration",
        "invitationEnabled",
        "jwtEnabled",
        "userNamesEnabled",
        "emailExtension",
        "anonymousLoginEnabled",
        "appleLoginEnabled",
        "googleLoginEnabled",
        "status",
        "locales",
    ];

    [Fact]
    public async Task A_new_application_has_the_contracts_fields_and_defaults_in_order()
    {
        var app = await servers.Main.CreateRsaApp();
        (await app.Get("getApplication"))
            .ShouldBeOk()
            .Text.ShouldBe(
                """{"name":"Demo","twoFactorVerification":"none","passwordFilter":0,"passwordMinLength":8,"passwordMinUpper":1,"passwordMinLower":1,"passwordMinDigit":1,"passwordMinSpecial":1,"appData":{"CosyncJWTVersion":"1.0.1"},"realmAppId":"","signupEnabled":1,"metaData":[],"metaDataInvite":[],"metaDataEmail":1,"signupFlow":"code","userJWTExpiration":24,"invitationEnabled":1,"jwtEnabled":1,"userNamesEnabled":0,"emailExtension":0,"anonymousLoginEnabled":0,"appleLoginEnabled":0,"googleLoginEnabled":0,"status":"active","locales":["EN"]}"""
            );
    }

    [Fact]
    public async Task Metadata_fields_are_told_with_path_canEdit_required_and_fieldName()
    {
        var app = await servers.Main.CreateRsaApp(
            """metaData=[{"path":"user_data.name","fieldName":"name","canEdit":1,"required":1}]""",
            """metaDataInvite=[{"path":"invite_data.coupon","fieldName":"coupon","canEdit":0,"required":0,"serversOnly":1}]"""
        );
        var json = (await app.Get("getApplication")).Json;
        json.GetProperty("metaData").GetRawText().ShouldBe("""[{"path":"user_data.name","canEdit":1,"required":1,"fieldName":"name"}]""");
        json.GetProperty("metaDataInvite")
            .GetRawText()
            .ShouldBe("""[{"path":"invite_data.coupon","canEdit":0,"required":0,"fieldName":"coupon"}]""");
    }

    [Fact]
    public async Task Flags_are_booleans_where_booleanFormat_says_so()
    {
        var app = await servers.Main.CreateRsaApp(
            "booleanFormat=boolean",
            """metaData=[{"path":"a","fieldName":"a","canEdit":0,"required":1}]"""
        );
        var json = (await app.Get("getApplication")).Json;
        json.GetProperty("signupEnabled").ValueKind.ShouldBe(JsonValueKind.True);
        json.GetProperty("passwordFilter").ValueKind.ShouldBe(JsonValueKind.False);
        json.GetProperty("passwordMinLength").GetInt32().ShouldBe(8);
        json.GetProperty("metaData")[0].GetProperty("required").ValueKind.ShouldBe(JsonValueKind.True);
        json.EnumerateObject().Select(p => p.Name).ShouldBe(Fields);
    }

    [Theory]
    [InlineData("status=inactive")]
    [InlineData("status=migrated")]
    [InlineData("jwtEnabled=0")]
    public async Task An_application_that_serves_no_users_still_says_so(string setting)
    {
        var app = await servers.Main.CreateRsaApp();
        await app.Set(setting);
        (await app.Get("getApplication")).ShouldBeOk();
    }

    [Fact]
    public async Task Provider_settings_are_never_told()
    {
        var app = await servers.Main.CreateRsaApp(
            "smtpHost=canary.example",
            "smtpUser=canary",
            "smtpPassword=canary",
            "mailFrom=canary@example.com",
            "twilioAuthToken=canary",
            "googleClientId=canary",
            "sendgridKey=canary",
            "emailExtension=1"
        );
        (await app.Get("getApplication")).ShouldBeOk().Text.ShouldNotContain("canary");
    }

    [Fact]
    public async Task A_known_version_is_not_sent_again()
    {
        var app = await servers.Main.CreateRsaApp();
        var tag = (await app.Get("getApplication")).Header("ETag")!;
        foreach (var known in new[] { tag, $"W/{tag}", $"\"other\", {tag}", "*" })
        {
            var reply = await app.Get("getApplication", ("If-None-Match", known));
            reply.Status.ShouldBe(HttpStatusCode.NotModified);
            reply.Text.ShouldBeEmpty();
        }

        await app.Set("userNamesEnabled=1");
        (await app.Get("getApplication", ("If-None-Match", tag))).ShouldBeOk().Json.GetProperty("userNamesEnabled").GetInt32().ShouldBe(1);
    }
}
