using System.Text.Json;

namespace Latchkey.Tests.Api.Signup;

public sealed class SignupMetadataTests(ServerFixture servers)
{
    private const string Fields = """
        metaData=[{"path":"user_data.name","fieldName":"name","required":1},{"path":"user_data.address.city","fieldName":"city"},{"path":"plan","fieldName":"plan","canEdit":0},{"path":"user_data.mail","fieldName":"email"}]
        """;

    [Fact]
    public async Task Values_stand_at_their_paths_trimmed_and_the_rest_is_dropped()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", Fields.Trim());
        var ann = await app.CreateUser(
            "ann@example.com",
            metaData: """{"user_data":{"name":"  Ann ","address":{"city":"Berne","zip":"3000"},"mail":"eve@example.com"},"plan":"gold","admin":"yes","iss":"me"}"""
        );
        const string Expected = """{"user_data":{"name":"Ann","address":{"city":"Berne"},"mail":"ann@example.com"},"plan":"gold"}""";
        JsonElement.DeepEquals((await ann.GetUser()).GetProperty("metaData"), JsonDocument.Parse(Expected).RootElement).ShouldBeTrue();
        JsonElement
            .DeepEquals(ann.Claims.GetProperty("user_data"), JsonDocument.Parse(Expected).RootElement.GetProperty("user_data"))
            .ShouldBeTrue();
        ann.Claims.GetProperty("plan").GetString().ShouldBe("gold");
        ann.Claims.TryGetProperty("admin", out _).ShouldBeFalse();
        ann.Claims.GetProperty("iss").GetString().ShouldNotBe("me");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"user_data":{"name":"   "}}""")]
    [InlineData("""{"user_data":{"name":null}}""")]
    [InlineData("""{"user_data":{"name":5}}""")]
    [InlineData("""{"user_data":{"name":["Ann"]}}""")]
    [InlineData("""{"user_data":{"name":{"first":"Ann"}}}""")]
    [InlineData("""{"user_data":"Ann"}""")]
    [InlineData("""{"user_data.name":"Ann"}""")]
    [InlineData("""{"user_data":{"name":"Ann"},"plan":true}""")]
    [InlineData("""{"user_data":{"name":"A\u0000nn"}}""")]
    [InlineData("""{"user_data":{"name":"\ud800"}}""")]
    [InlineData("""{"user_data":{"name":"Ann","name":"Eve"}}""")]
    [InlineData("""{"\ud800":"1","\ud800":"2","user_data":{"name":"Ann"}}""")]
    [InlineData("""["Ann"]""")]
    [InlineData("{bad")]
    [Covers(604)]
    public async Task What_breaks_a_rule_is_refused(string? metaData)
    {
        var app = await servers.Main.CreateApp("signupFlow=none", Fields.Trim());
        (await app.Signup("ann@example.com", metaData: metaData)).ShouldFailWith(604);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(0);
    }

    [Fact]
    public async Task Metadata_is_a_string_and_nothing_else()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", Fields.Trim());
        (
            await app.Post(
                "signup",
                new
                {
                    handle = "ann@example.com",
                    password = App.Password,
                    metaData = new { user_data = new { name = "Ann" } },
                }
            )
        ).ShouldFailWith(602);
    }

    [Theory]
    [InlineData("""{"a":{"b":1}}""")]
    [InlineData("{bad")]
    [InlineData("not JSON at all")]
    public async Task An_application_without_fields_takes_anything_and_keeps_nothing(string metaData)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com", metaData: metaData);
        (await ann.GetUser()).TryGetProperty("metaData", out _).ShouldBeFalse();
        (await ann.Invite("bob@example.com", metaData)).ShouldBeTrue();
        var code = await app.LastCodeFor("bob@example.com");
        var bob = app.ParseTokens(await app.Register("bob@example.com", code, metaData: metaData));
        (await bob.GetUser()).TryGetProperty("metaData", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_sets_metadata_is_told_that_it_does_not_parse()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        (await app.SendAsServer(HttpMethod.Post, $"users/{ann.Id()}/metaData", new { metaData = "{bad" })).ShouldFailWith(604);
    }
}
