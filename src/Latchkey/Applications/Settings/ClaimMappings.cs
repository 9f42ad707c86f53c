using System.Collections.Frozen;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>
/// Which claims of the OpenID provider come from metadata fields. Written as <c>given_name=user_data.first</c>, with the scope behind a
/// colon where the claim has no standard one: <c>plan=user_data.plan:billing</c>.
/// </summary>
public static class ClaimMappings
{
    private const int MaxMappings = 64;
    private const int MaxNameLength = 100;
    private const string Profile = "profile";
    private const string Address = "address";
    private const string AddressPrefix = "address.";

    /// <summary>The claims that come from metadata only (OpenID Connect Core §5.1), and their scope (§5.4).</summary>
    private static readonly FrozenDictionary<string, string> Standard = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["name"] = Profile,
        ["given_name"] = Profile,
        ["family_name"] = Profile,
        ["middle_name"] = Profile,
        ["nickname"] = Profile,
        ["preferred_username"] = Profile,
        ["profile"] = Profile,
        ["picture"] = Profile,
        ["website"] = Profile,
        ["gender"] = Profile,
        ["birthdate"] = Profile,
        ["zoneinfo"] = Profile,
        ["locale"] = Profile,
        ["address.formatted"] = Address,
        ["address.street_address"] = Address,
        ["address.locality"] = Address,
        ["address.region"] = Address,
        ["address.postal_code"] = Address,
        ["address.country"] = Address,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Claims that only the server says, besides those that no metadata can be.</summary>
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "email",
        "phone_number",
        "phone_number_verified",
        "address",
        "updated_at",
        "client_id",
        "at_hash",
        "c_hash",
        "s_hash",
        "events",
        "may_act",
        "token_type",
        "active",
        "username",
        "sub_id",
        "_claim_names",
        "_claim_sources",
    }
        .Concat(MetadataFields.ReservedClaims)
        .Concat(MetadataFields.SessionClaims)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static Setting Setting { get; } =
        new(
            "claimMappings",
            "Claims of the OpenID provider that come from metadata fields, separated by commas: given_name=user_data.first. Behind a colon "
                + "the scope of a claim of your own: plan=user_data.plan:billing.",
            SettingKind.Text,
            s => string.Join(',', s.ClaimMappings.Select(Write)),
            (s, text) => Parse(text).Failed(out var mappings, out var error) ? error : s with { ClaimMappings = mappings }
        );

    /// <summary>Whether a text can be the name of a scope (RFC 6749 §3.3).</summary>
    public static bool IsScope(string text) =>
        text.Length is >= 1 and <= MaxNameLength && text.All(c => c is > ' ' and <= '~' and not '"' and not '\\');

    /// <summary>The mapped paths that no metadata field has.</summary>
    public static IReadOnlyList<string> FindUnknownPaths(ApplicationSettings settings) =>
        [
            .. settings
                .ClaimMappings.Select(mapping => mapping.Path)
                .Except(settings.MetaData.Concat(settings.MetaDataInvite).Select(field => field.Path), StringComparer.Ordinal),
        ];

    private static string Write(ClaimMapping mapping) =>
        Standard.ContainsKey(mapping.Claim) || mapping.Scope == Profile
            ? $"{mapping.Claim}={mapping.Path}"
            : $"{mapping.Claim}={mapping.Path}:{mapping.Scope}";

    private static Result<IReadOnlyList<ClaimMapping>> Parse(string text)
    {
        var mappings = new List<ClaimMapping>();
        foreach (var one in text.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (ParseOne(one).Failed(out var mapping, out var error))
            {
                return error;
            }

            if (mappings.Exists(other => other.Claim == mapping.Claim))
            {
                return Settings.Setting.Invalid($"claimMappings has the claim {mapping.Claim} twice.");
            }

            mappings.Add(mapping);
        }

        return mappings.Count > MaxMappings ? Settings.Setting.Invalid($"claimMappings can have at most {MaxMappings} claims.") : mappings;
    }

    private static Result<ClaimMapping> ParseOne(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || !Field.IsStorable(text) || text.Any(char.IsControl))
        {
            return Settings.Setting.Invalid(
                "claimMappings is a list such as given_name=user_data.first,plan=user_data.plan:billing, without blanks inside."
            );
        }

        var (claim, rest) = (text[..equals], text[(equals + 1)..].Split(':', 2));
        var standard = Standard.GetValueOrDefault(claim);
        var mapping = new ClaimMapping(claim, rest[0], rest.Length > 1 ? rest[1] : standard ?? Profile);
        return (ValidateClaim(claim) ?? ValidateTarget(mapping, standard)) is { } error ? error : mapping;
    }

    private static Error? ValidateClaim(string claim) =>
        Reserved.Contains(claim) ? Settings.Setting.Invalid($"{claim} is a claim that Latchkey sets. It cannot come from metadata.")
        : claim.StartsWith(AddressPrefix, StringComparison.Ordinal) && !Standard.ContainsKey(claim)
            ? Settings.Setting.Invalid(
                $"{claim} is no member of the claim address. Its members are formatted, street_address, locality, region, postal_code and "
                    + "country."
            )
        : !Standard.ContainsKey(claim) && !IsClaim(claim)
            ? Settings.Setting.Invalid(
                $"A claim of claimMappings has 1 to {MaxNameLength} letters, digits, _ and -, or is an https address that names it."
            )
        : null;

    private static Error? ValidateTarget(ClaimMapping mapping, string? standard) =>
        !MetadataFields.IsPath(mapping.Path)
            ? Settings.Setting.Invalid($"{mapping.Claim} needs the path of a metadata field, such as user_data.first.")
        : standard is not null && mapping.Scope != standard
            ? Settings.Setting.Invalid($"{mapping.Claim} is a standard claim, and its scope is {standard}. Leave the scope out.")
        : mapping.Scope is "openid" or "offline_access" || !IsScope(mapping.Scope) || mapping.Scope.Contains(':', StringComparison.Ordinal)
            ? Settings.Setting.Invalid($"{mapping.Claim} needs a scope of its own, or profile, email, phone or address.")
        : null;

    private static bool IsClaim(string claim) =>
        claim.Length <= MaxNameLength
        && (
            claim.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            || (
                claim.StartsWith("https://", StringComparison.Ordinal)
                && claim.Length > "https://".Length
                && claim.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':')
            )
        );
}
