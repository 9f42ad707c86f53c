using System.Text.Json;

namespace Latchkey.Tests.Cryptography;

public sealed class UserJwtTests(ServerFixture servers)
{
    public static TheoryData<string> Reserved =>
        ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "kid", "uid", "scope", "handle", "appId", "userName", "email_verified"];

    [Fact]
    public async Task It_says_who_the_user_is_to_whom_and_until_when()
    {
        var ann = await (await servers.Main.CreateRsaApp("signupFlow=none", "realmAppId=realm-1", "userNamesEnabled=1")).CreateUser(
            "ann@example.com"
        );
        ann.Claims.EnumerateObject()
            .Select(claim => claim.Name)
            .ShouldBe(["iss", "aud", "sub", "uid", "iat", "exp", "jti", "email_verified", "email"]);
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
        var ann = await (await servers.Main.CreateRsaApp("signupFlow=none", "metaDataEmail=0")).CreateUser("ann@example.com");
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
                (await app.Installation.Run("app", "set", app.Id, $$"""{{setting}}=[{"path":"{{path}}","fieldName":"x"}]""")).ShouldFail(
                    "claim"
                );
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".x")]
    public async Task Even_an_imported_definition_never_overrides_a_claim(string below)
    {
        var app = await servers.Main.CreateApp(
            "signupFlow=none",
            "userNamesEnabled=1",
            $"metaData={Definitions("own-", "good", below)}",
            $"metaDataInvite={Definitions("invited-", "fine", below)}"
        );
        await app.Installation.Execute(
            "UPDATE applications SET settings = REPLACE(REPLACE(settings, 'own-', ''), 'invited-', '') WHERE id = @Id",
            new { app.Id }
        );
        (await app.InviteByServer("ann@example.com", Values("fine", below))).ShouldBeTrue();
        var invited = app.ParseTokens(
            await app.Register("ann@example.com", await app.LastCodeFor("ann@example.com"), metaData: Values("good", below))
        );
        var own = await app.CreateUser("bob@example.com", metaData: Values("good", below));
        invited.Claims.GetProperty("fine").GetString().ShouldBe("yes");
        foreach (var user in new[] { invited, own })
        {
            user.Claims.GetProperty("good").GetString().ShouldBe("yes");
            user.Claims.GetRawText().ShouldNotContain("eve");
            user.Claims.EnumerateObject().Select(claim => claim.Name).ShouldBeUnique();
            user.Claims.GetProperty("sub").GetString().ShouldBe(user == own ? "bob@example.com" : "ann@example.com");
            user.Claims.GetProperty("exp").ValueKind.ShouldBe(JsonValueKind.Number);
            user.Claims.GetProperty("email_verified").GetBoolean().ShouldBe(user == invited);
        }

        foreach (var table in new[] { "metadata", "invite_metadata" })
        {
            var stored = await app.Installation.Query<string>(
                $"SELECT {table} FROM users WHERE app_id = @Id AND handle = 'ann@example.com'",
                new { app.Id }
            );
            Names.ShouldAllBe(name => stored.Contains($"\"{name}{below}\":\"eve\"")); // it did get as far as the user
        }
    }

    private static IEnumerable<string> Names => Reserved.Select(claim => claim.Data);

    /// <summary>
    /// A definition of each name behind a prefix, which is then taken away as no rule would let anybody do, and of one that may be.
    /// </summary>
    private static string Definitions(string prefix, string good, string below) =>
        JsonSerializer.Serialize(Names.Select(name => $"{prefix}{name}{below}").Append(good).Select(path => new { path, fieldName = "x" }));

    private static string Values(string good, string below) =>
        JsonSerializer.Serialize(
            Names
                .Select(name => KeyValuePair.Create(name, below.Length > 0 ? (object)new { x = "eve" } : "eve"))
                .Append(new(good, "yes"))
                .ToDictionary()
        );
}
