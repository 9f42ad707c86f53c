using System.Text.Json;
using Latchkey.Core;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>Answers that lie, contradict themselves or make no sense.</summary>
public sealed class ProfileReaderTests
{
    private static readonly ProviderTemplate Oidc = ProviderCatalogue.Find("oidc") ?? throw new InvalidOperationException("oidc");
    private static readonly ProviderTemplate GitHub = ProviderCatalogue.Find("github") ?? throw new InvalidOperationException("github");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"sub":""}""")]
    [InlineData("""{"sub":null}""")]
    [InlineData("""{"sub":true}""")]
    [InlineData("""{"sub":["1"]}""")]
    [InlineData("""{"sub":{"id":"1"}}""")]
    [InlineData("""{"sub":"a\u0000b"}""")]
    [InlineData("""{"sub":"\ud800"}""")]
    [InlineData("""{"error":{"code":"access_token_invalid"}}""")]
    [InlineData("[]")]
    [InlineData("\"1\"")]
    public void An_answer_without_a_subject_is_refused(string answer) => ReadUserInfo(answer).Succeeded.ShouldBeFalse(answer);

    [Fact]
    public void A_subject_has_255_characters_at_most()
    {
        ReadUserInfo($$"""{"sub":"{{new string('a', 255)}}"}""").Succeeded.ShouldBeTrue();
        ReadUserInfo($$"""{"sub":"{{new string('a', 256)}}"}""").Succeeded.ShouldBeFalse();
    }

    [Theory]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("\"007\"", "007")]
    [InlineData("\"Ab-C\"", "Ab-C")]
    public void A_subject_is_taken_exactly_as_it_was_written(string written, string subject) =>
        ReadUserInfo($$"""{"sub":{{written}}}""").Value.ShouldNotBeNull().Subject.ShouldBe(subject);

    [Fact]
    public void Userinfo_of_somebody_else_is_refused()
    {
        Read("""{"sub":"1"}""", """{"sub":"2"}""").Succeeded.ShouldBeFalse();
        Read("""{"sub":"1"}""", """{"email":"a@example.com"}""").Succeeded.ShouldBeFalse();
        Read("""{"name":"no subject"}""", """{"sub":"2"}""").Succeeded.ShouldBeFalse();
        Read("""{"sub":"1"}""", """{"sub":"1"}""").Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void The_word_for_one_address_does_not_count_for_another()
    {
        var profile = Read(
            """{"sub":"1","email":"victim@example.com"}""",
            """{"sub":"1","email":"mallory@example.com","email_verified":true}"""
        )
            .Value.ShouldNotBeNull();
        profile.Email?.Text.ShouldBe("victim@example.com");
        profile.EmailVerified.ShouldBeFalse();

        Read("""{"sub":"1","email":"victim@example.com"}""", """{"sub":"1","email_verified":true}""")
            .Value.ShouldNotBeNull()
            .EmailVerified.ShouldBeFalse();
        Read("""{"sub":"1","email":"Ann@Example.com"}""", """{"sub":"1","email":"ann@example.com","email_verified":true}""")
            .Value.ShouldNotBeNull()
            .EmailVerified.ShouldBeTrue();
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("false", false)]
    [InlineData("\"false\"", false)]
    [InlineData("\"TRUE\"", false)]
    [InlineData("1", false)]
    [InlineData("\"1\"", false)]
    [InlineData("null", false)]
    [InlineData("{}", false)]
    [InlineData("[true]", false)]
    public void An_address_is_verified_by_true_and_nothing_else(string written, bool verified) =>
        Read($$"""{"sub":"1","email":"a@example.com","email_verified":{{written}}}""", null)
            .Value.ShouldNotBeNull()
            .EmailVerified.ShouldBe(verified);

    [Theory]
    [InlineData("\"not an address\"")]
    [InlineData("\"a@b@c.example\"")]
    [InlineData("[\"a@example.com\"]")]
    [InlineData("7")]
    public void What_is_no_address_is_none(string written)
    {
        var profile = Read($$"""{"sub":"1","email":{{written}},"email_verified":true}""", null).Value.ShouldNotBeNull();
        profile.Email.ShouldBeNull();
        profile.EmailVerified.ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://example.com/me.jpg")]
    [InlineData("javascript:alert(1)")]
    [InlineData("//example.com/me.jpg")]
    [InlineData("data:image/png;base64,AA==")]
    public void A_picture_is_an_https_address(string address) =>
        Read($$"""{"sub":"1","picture":"{{address}}"}""", null).Value.ShouldNotBeNull().Picture.ShouldBeNull();

    [Fact]
    public void A_name_is_one_line_of_bounded_length()
    {
        Read("""{"sub":"1","name":"a\nb"}""", null).Value.ShouldNotBeNull().Name.ShouldBeNull();
        Read($$"""{"sub":"1","name":"{{new string('a', 1001)}}"}""", null).Value.ShouldNotBeNull().Name.ShouldBeNull();
        Read("""{"sub":"1","name":" Ann "}""", null).Value.ShouldNotBeNull().Name.ShouldBe("Ann");
    }

    [Theory]
    [InlineData("""{"message":"Resource not accessible by integration"}""")]
    [InlineData("[]")]
    [InlineData("""[{"email":"a@example.com","primary":false,"verified":true}]""")]
    [InlineData("""[null,1,"a@example.com"]""")]
    public void A_list_without_a_primary_address_verifies_nothing(string emails)
    {
        using var user = JsonDocument.Parse("""{"id":1,"email":"public@example.com"}""");
        using var list = JsonDocument.Parse(emails);
        var answers = new ProviderAnswers(UserInfo: user.RootElement, Emails: list.RootElement);
        var profile = ProviderProfileReader.Read(GitHub, GitHub.EmailTrust, answers).Value.ShouldNotBeNull();
        profile.Email?.Text.ShouldBe("public@example.com");
        profile.EmailVerified.ShouldBeFalse();
    }

    private static Result<ProviderProfile> ReadUserInfo(string userInfo)
    {
        using var parsed = JsonDocument.Parse(userInfo);
        return ProviderProfileReader.Read(Oidc, EmailTrust.WhenVerifiedClaim, new ProviderAnswers(UserInfo: parsed.RootElement));
    }

    private static Result<ProviderProfile> Read(string idToken, string? userInfo)
    {
        using var token = JsonDocument.Parse(idToken);
        using var info = JsonDocument.Parse(userInfo ?? "null");
        return ProviderProfileReader.Read(Oidc, EmailTrust.WhenVerifiedClaim, new ProviderAnswers(token.RootElement, info.RootElement));
    }
}
