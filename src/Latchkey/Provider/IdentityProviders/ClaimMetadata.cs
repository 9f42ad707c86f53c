using System.Text.Json;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Provider.IdentityProviders.Catalogue;
using Latchkey.Users;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>
/// The metadata that a provider's answers give. Only fields that the application defines get a value. A value over 1,000 characters, and
/// what does not fit into a user's metadata, is left out.
/// </summary>
public static class ClaimMetadata
{
    /// <summary>The values of a new user by path.</summary>
    public static Dictionary<string, string> AtSignUp(IdentityProvider provider, ApplicationSettings settings, ProviderProfile profile) =>
        Metadata.Fitting(Values(ClaimRule.Of(provider), settings, profile));

    /// <summary>The values by path that replace those of a known user at this sign-in.</summary>
    public static Dictionary<string, string> ValuesAtSignIn(
        IdentityProvider provider,
        ApplicationSettings settings,
        ProviderProfile profile
    ) => Metadata.Fitting(Values(ClaimRule.Of(provider).Where(rule => rule.Timing != ClaimTiming.SignUp), settings, profile));

    /// <summary>The metadata of a user with these values; null when it stays as it is.</summary>
    /// <param name="stored">As in the user's row. Values that fields no longer define stay.</param>
    public static string? Apply(IReadOnlyDictionary<string, string> values, string stored)
    {
        var before = Metadata.Read(stored);
        var after = before.ToDictionary(StringComparer.Ordinal);
        foreach (var (path, value) in values.Where(one => before.GetValueOrDefault(one.Key) != one.Value))
        {
            after[path] = value;
            if (Metadata.FindExcess(after) is null)
            {
                continue;
            }

            if (before.TryGetValue(path, out var old))
            {
                after[path] = old;
            }
            else
            {
                after.Remove(path);
            }
        }

        return after.Count == before.Count && after.All(one => before.GetValueOrDefault(one.Key) == one.Value)
            ? null
            : Metadata.Write(after);
    }

    /// <summary>What is wrong with the rules of a provider, as a sentence; null for nothing.</summary>
    public static string? FindProblem(IdentityProvider provider, ApplicationSettings settings)
    {
        if (provider.ClaimPaths.FirstOrDefault(line => ClaimRule.TimingOf(line.Value) is null) is { Key: { } odd } line)
        {
            return $"{Strings.Truncate(odd, 200)}: behind the colon stands one of {string.Join(", ", EnumNames.All<ClaimTiming>())}.";
        }

        foreach (var rule in ClaimRule.Of(provider))
        {
            if (FieldOf(settings, rule.Path) is not { } field)
            {
                return $"The application has no metadata field {Strings.Truncate(rule.Path, 200)}. Its fields are on the page Settings.";
            }

            if (rule.Timing == ClaimTiming.Always && field.CanEdit)
            {
                return $"Users can edit {rule.Path}. Take it at sign-up only, or write overwrite to replace what they entered.";
            }
        }

        return null;
    }

    private static IEnumerable<KeyValuePair<string, string>> Values(
        IEnumerable<ClaimRule> rules,
        ApplicationSettings settings,
        ProviderProfile profile
    ) =>
        from rule in rules
        let field = FieldOf(settings, rule.Path)
        where field is not null && (rule.Timing != ClaimTiming.Always || !field.CanEdit)
        let value = ValueOf(profile, rule.Claim)
        where value is not null
        select KeyValuePair.Create(rule.Path, value);

    private static MetadataField? FieldOf(ApplicationSettings settings, string path) =>
        settings.MetaData.FirstOrDefault(field => field.Path == path && !field.HoldsHandle);

    /// <summary>The text of a claim; objects and lists have none.</summary>
    private static string? ValueOf(ProviderProfile profile, string claim) =>
        claim switch
        {
            "name" => profile.Name,
            "given_name" => profile.GivenName,
            "family_name" => profile.FamilyName,
            "picture" => profile.Picture,
            "locale" => profile.Locale,
            "email" => profile.Email?.Text,
            _ => profile.Claims.Find(claim) is { ValueKind: JsonValueKind.True or JsonValueKind.False } answer ? answer.GetRawText()
            : profile.Claims.FindText(claim)?.Trim() is { Length: > 0 } text ? text
            : null,
        };
}
