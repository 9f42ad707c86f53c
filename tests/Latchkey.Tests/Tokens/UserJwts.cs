using System.Text.Json;

namespace Latchkey.Tests.Tokens;

public sealed class UserJwts(Servers servers)
{
    public static TheoryData<string> Reserved => ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "kid", "uid", "scope", "handle", "appId", "userName", "email_verified"];

    [Fact]
    public async Task It_says_who_the_user_is_to_whom_and_until_when()
    {
        var ann = await (await servers.Main.CreateRsaApp("signupFlow=none", "realmAppId=realm-1", "userNamesEnabled=1")).Join("ann@example.com");
        ann.Claims.EnumerateObject().Select(claim => claim.Name).ShouldBe(["iss", "aud", "sub", "uid", "iat", "exp", "jti", "email_verified", "email"]);
        ann.Claims.GetProperty("aud").GetString().ShouldBe("realm-1");
        ann.Claims.GetProperty("iss").GetString().ShouldBe($"{ann.App.Server.Address}apps/{ann.App.Id}");
        ann.Header.GetProperty("alg").GetString().ShouldBe("RS256");
        ann.Header.GetProperty("typ").GetString().ShouldBe("JWT");
        var again = await ann.App.Login("ann@example.com");
        again.Claims.GetProperty("uid").GetString().ShouldBe(ann.Claims.GetProperty("uid").GetString());
        again.Claims.GetProperty("jti").GetString().ShouldNotBe(ann.Claims.GetProperty("jti").GetString());
    }

    [Fact]
    public async Task It_leaves_the_address_out_where_the_application_says_so()
    {
        var ann = await (await servers.Main.CreateRsaApp("signupFlow=none", "metaDataEmail=0")).Join("ann@example.com");
        ann.Claims.TryGetProperty("email", out _).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Reserved))]
    public async Task A_field_definition_that_touches_a_claim_of_ours_is_refused(string claim)
    {
        var app = await servers.Main.CreateRsaApp();
        foreach (var path in new[] { claim, claim.ToUpperInvariant(), $"{claim}.x" })
        {
            foreach (var setting in new[] { "metaData", "metaDataInvite" })
            {
                (await app.Installation.Run("app", "set", app.Id, $$"""{{setting}}=[{"path":"{{path}}","fieldName":"x"}]""")).ShouldBeRefused("claim");
            }
        }
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("sub.x")]
    [InlineData("exp")]
    [InlineData("uid")]
    [InlineData("email_verified")]
    public async Task Even_an_imported_definition_never_overrides_a_claim(string path)
    {
        var app = await servers.Main.CreateRsaApp("signupFlow=none", """metaData=[{"path":"zzz","fieldName":"x"},{"path":"good","fieldName":"good"}]""");
        await app.Installation.Execute("UPDATE applications SET settings = REPLACE(settings, 'zzz', @path) WHERE id = @Id", new { path, app.Id });
        var metaData = path.Contains('.') ? """{"sub":{"x":"eve"},"good":"yes"}""" : $$"""{"{{path}}":"eve","good":"yes"}""";
        var ann = await app.Join("ann@example.com", metaData: metaData);
        ann.Claims.GetProperty("sub").GetString().ShouldBe("ann@example.com");
        ann.Claims.GetProperty("exp").ValueKind.ShouldBe(JsonValueKind.Number);
        ann.Claims.GetProperty("email_verified").ValueKind.ShouldBe(JsonValueKind.False);
        ann.Claims.GetProperty("uid").GetString().ShouldNotBe("eve");
        ann.Claims.GetProperty("good").GetString().ShouldBe("yes");
    }
}
