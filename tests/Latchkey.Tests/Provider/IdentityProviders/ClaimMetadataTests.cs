using System.Text.Json;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Settings;
using Latchkey.Provider.IdentityProviders;
using Latchkey.Provider.IdentityProviders.Catalogue;
using Latchkey.Users;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>What a provider says becomes metadata by the rules of the application, and never more.</summary>
public sealed class ClaimMetadataTests
{
    private static readonly ApplicationSettings Settings = new()
    {
        MetaData =
        [
            new("user_data.name.first", "first"),
            new("user_data.picture", "picture", CanEdit: false),
            new("user_data.plan", "plan", CanEdit: false),
            new("email", "email"),
        ],
    };

    [Fact]
    public void A_new_user_gets_the_fields_that_the_application_defines()
    {
        var provider = Provider(
            "given_name=user_data.name.first\npicture=user_data.picture:always\nplan.name=user_data.plan\nsub=user_data.gone"
        );
        ClaimMetadata
            .AtSignUp(
                provider,
                Settings,
                Profile("""{"sub":"1","given_name":"Ann","picture":"https://e.example/a.png","plan":{"name":7}}""")
            )
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["user_data.name.first"] = "Ann",
                    ["user_data.picture"] = "https://e.example/a.png",
                    ["user_data.plan"] = "7",
                },
                ignoreOrder: true
            );
    }

    [Theory]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("\" a \"", "a")]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    [InlineData("{\"a\":1}", null)]
    [InlineData("[1]", null)]
    [InlineData("\"a\\u0000\"", null)]
    public void A_value_is_a_text_a_number_or_a_switch(string written, string? value) =>
        ClaimMetadata
            .AtSignUp(Provider("plan=user_data.plan"), Settings, Profile($$"""{"sub":"1","plan":{{written}}}"""))
            .GetValueOrDefault("user_data.plan")
            .ShouldBe(value);

    [Fact]
    public void A_value_of_more_than_1000_characters_is_left_out()
    {
        var provider = Provider("plan=user_data.plan\ngiven_name=user_data.name.first");
        Map(1000).ShouldContainKey("user_data.plan");
        Map(1001).Keys.ShouldBe(["user_data.name.first"]);

        Dictionary<string, string> Map(int length) =>
            ClaimMetadata.AtSignUp(
                provider,
                Settings,
                Profile($$"""{"sub":"1","given_name":"Ann","plan":"{{new string('p', length)}}"}""")
            );
    }

    [Fact]
    public void Later_sign_ins_change_only_what_the_rules_say()
    {
        const string Stored = """{"user_data.name.first":"Own","user_data.picture":"https://old.example/a.png","left":"over"}""";
        var profile = Profile("""{"sub":"1","given_name":"Ann","picture":"https://new.example/a.png"}""");

        After("given_name=user_data.name.first\npicture=user_data.picture").ShouldBeNull();
        Read(After("given_name=user_data.name.first\npicture=user_data.picture:always"))
            .ShouldBe(("Own", "https://new.example/a.png", "over"));
        Read(After("given_name=user_data.name.first:overwrite")).ShouldBe(("Ann", "https://old.example/a.png", "over"));
        After("unknown=user_data.picture:always").ShouldBeNull();

        string? After(string claims) => AtSignIn(Provider(claims), Settings, profile, Stored);
    }

    [Fact]
    public void A_sign_in_that_says_the_same_changes_nothing() =>
        AtSignIn(Provider("plan=user_data.plan:always"), Settings, Profile("""{"sub":"1","plan":"pro"}"""), """{"user_data.plan":"pro"}""")
            .ShouldBeNull();

    /// <summary>The rule was made when the user could not edit the field.</summary>
    [Fact]
    public void What_the_user_may_edit_by_now_is_left_alone() =>
        AtSignIn(
                Provider("given_name=user_data.name.first:always"),
                Settings,
                Profile("""{"sub":"1","given_name":"Ann"}"""),
                """{"user_data.name.first":"Own"}"""
            )
            .ShouldBeNull();

    [Theory]
    [InlineData("given_name=user_data.name.first", null)]
    [InlineData("picture=user_data.picture:always", null)]
    [InlineData("given_name=user_data.name.first:overwrite", null)]
    [InlineData("given_name=user_data.name.first:always", "Users can edit user_data.name.first")]
    [InlineData("given_name=user_data.nothing", "no metadata field user_data.nothing")]
    [InlineData("email=email", "no metadata field email")]
    [InlineData("picture=user_data.picture:often", "signup, always, overwrite")]
    public void Rules_are_checked_against_the_definition(string claims, string? sentence)
    {
        var problem = ClaimMetadata.FindProblem(Provider(claims), Settings);
        if (sentence is null)
        {
            problem.ShouldBeNull();
        }
        else
        {
            problem.ShouldNotBeNull().ShouldContain(sentence);
        }
    }

    [Theory]
    [InlineData("picture=user_data.picture")]
    [InlineData("picture=user_data.picture:always")]
    [InlineData("data.user.name=user_data.picture:overwrite")]
    public void A_rule_is_written_as_it_is_read(string line) => ClaimRule.Of(Provider(line)).Single().Write().ShouldBe(line);

    private static (string?, string?, string?) Read(string? stored)
    {
        var values = Metadata.Read(stored.ShouldNotBeNull());
        return (
            values.GetValueOrDefault("user_data.name.first"),
            values.GetValueOrDefault("user_data.picture"),
            values.GetValueOrDefault("left")
        );
    }

    private static IdentityProvider Provider(string claims) => new() { Template = "oidc", Claims = claims };

    private static ProviderProfile Profile(string userInfo)
    {
        using var parsed = JsonDocument.Parse(userInfo);
        var template = ProviderCatalogue.Find("oidc").ShouldNotBeNull();
        return ProviderProfileReader.Read(template, EmailTrust.Never, new(UserInfo: parsed.RootElement)).Value.ShouldNotBeNull();
    }

    /// <summary>As a sign-in does: the values are read when the provider answers, and applied when the user is known.</summary>
    private static string? AtSignIn(IdentityProvider provider, ApplicationSettings settings, ProviderProfile profile, string stored) =>
        ClaimMetadata.Apply(ClaimMetadata.ValuesAtSignIn(provider, settings, profile), stored);
}
