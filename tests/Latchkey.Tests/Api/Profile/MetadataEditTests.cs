using System.Text.Json;

namespace Latchkey.Tests.Api.Profile;

public sealed class MetadataEditTests(ServerFixture servers)
{
    private const string Fields =
        """metaData=[{"path":"user_data.name","fieldName":"name","required":1},{"path":"user_data.city","fieldName":"city"},{"path":"plan","fieldName":"plan","canEdit":0},{"path":"mail","fieldName":"email"}]""";

    [Fact]
    public async Task What_is_sent_replaces_what_may_be_edited()
    {
        var ann = await Ann();
        (await ann.Post("setUserMetadata", new { metaData = """{"user_data":{"name":" Anna "},"unknown":"x"}""" })).ShouldBeTrue();
        var metadata = (await ann.GetUser()).GetProperty("metaData");
        JsonElement
            .DeepEquals(
                metadata,
                JsonDocument.Parse("""{"user_data":{"name":"Anna"},"plan":"gold","mail":"ann@example.com"}""").RootElement
            )
            .ShouldBeTrue(metadata.GetRawText());
    }

    [Theory]
    [InlineData("""{"user_data":{"name":"Anna"},"plan":"platinum"}""")]
    [InlineData("""{"user_data":{"name":"Anna"},"plan":"gold"}""")]
    [InlineData("""{"user_data":{"name":"Anna"},"mail":"eve@example.com"}""")]
    [InlineData("""{"user_data":{"city":"Berne"}}""")]
    [InlineData("""{"user_data":{"name":" "}}""")]
    [InlineData("""{"user_data":{"name":7}}""")]
    [InlineData("{}")]
    [Covers(604)]
    public async Task What_breaks_a_rule_is_refused_and_changes_nothing(string metaData)
    {
        var ann = await Ann();
        var before = (await ann.TryGetUser()).Text;
        (await ann.Post("setUserMetadata", new { metaData })).ShouldFailWith(604);
        (await ann.TryGetUser()).Text.ShouldBe(before);
    }

    [Theory]
    [InlineData("{bad")]
    [InlineData("[]")]
    public async Task What_does_not_parse_is_invalid_data(string metaData) =>
        (await (await Ann()).Post("setUserMetadata", new { metaData })).ShouldFailWith(602);

    [Fact]
    public async Task The_own_address_may_be_sent_back()
    {
        var ann = await Ann();
        (await ann.Post("setUserMetadata", new { metaData = """{"user_data":{"name":"Anna"},"mail":"ann@example.com"}""" })).ShouldBeTrue();
    }

    private async Task<LoggedInUser> Ann() =>
        await (await servers.Main.CreateApp("signupFlow=none", Fields)).CreateUser(
            "ann@example.com",
            metaData: """{"user_data":{"name":"Ann","city":"Berne"},"plan":"gold"}"""
        );
}
