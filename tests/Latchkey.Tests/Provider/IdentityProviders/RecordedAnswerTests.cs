using System.Text.Json;
using Latchkey.Core;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>
/// The answers of each provider as its public documentation shows them (tests/TestData/providers): whom they mean, and what their address
/// is worth.
/// </summary>
public sealed class RecordedAnswerTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.TestData, "providers");

    public static TheoryData<string> Keys => [.. ProviderCatalogue.All.Select(template => template.Key)];

    [Fact]
    public void Every_provider_has_recorded_answers() =>
        Directory
            .EnumerateFiles(Folder)
            .Select(Path.GetFileName)
            .ShouldBe(ProviderCatalogue.All.Select(template => $"{template.Key}.json"), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_answers_of_a_provider_say_who_signed_in(string key)
    {
        var template = ProviderCatalogue.Find(key).ShouldNotBeNull();
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{key}.json")));
        foreach (var recorded in file.RootElement.GetProperty("cases").EnumerateArray())
        {
            var what = $"{key}: {recorded.GetProperty("what").GetString()}";
            var profile = Read(template, template.EmailTrust, recorded).Value.ShouldNotBeNull(what);
            var expected = recorded.GetProperty("expect");

            profile.Subject.ShouldBe(Text(expected, "subject"), what);
            profile.Email?.Text.ShouldBe(Text(expected, "email"), what);
            (profile.Email is null).ShouldBe(Text(expected, "email") is null, what);
            profile.EmailVerified.ShouldBe(expected.GetProperty("verified").GetBoolean(), what);
            profile.Name.ShouldBe(Text(expected, "name"), what);
            profile.Picture.ShouldBe(Text(expected, "picture"), what);
            profile.GivenName.ShouldBe(Text(expected, "givenName"), what);
            profile.FamilyName.ShouldBe(Text(expected, "familyName"), what);
            profile.Locale.ShouldBe(Text(expected, "locale"), what);
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void No_address_is_verified_when_the_provider_is_not_trusted(string key)
    {
        var template = ProviderCatalogue.Find(key).ShouldNotBeNull();
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{key}.json")));
        foreach (var recorded in file.RootElement.GetProperty("cases").EnumerateArray())
        {
            Read(template, EmailTrust.Never, recorded).Value.ShouldNotBeNull(key).EmailVerified.ShouldBeFalse(key);
        }
    }

    /// <summary>Each provider whose word counts has an answer in which it does, and one in which it says otherwise or gives none.</summary>
    [Fact]
    public void Trust_is_recorded_both_ways()
    {
        foreach (var template in ProviderCatalogue.All.Where(one => one.EmailTrust != EmailTrust.Never))
        {
            using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{template.Key}.json")));
            file.RootElement.GetProperty("cases")
                .EnumerateArray()
                .Select(one => one.GetProperty("expect").GetProperty("verified").GetBoolean())
                .Distinct()
                .Count()
                .ShouldBe(2, template.Key);
        }
    }

    private static Result<ProviderProfile> Read(ProviderTemplate template, EmailTrust trust, JsonElement recorded) =>
        ProviderProfileReader.Read(
            template,
            trust,
            new ProviderAnswers(
                Member(recorded, "idToken"),
                Member(recorded, "userInfo"),
                Member(recorded, "emails"),
                Member(recorded, "firstUser")
            )
        );

    private static JsonElement Member(JsonElement recorded, string name) =>
        recorded.TryGetProperty(name, out var member) ? member : default;

    private static string? Text(JsonElement expected, string name) =>
        expected.TryGetProperty(name, out var member) ? member.GetString() : null;
}
