using System.Globalization;
using System.Text.Json.Nodes;
using Latchkey.Applications;
using Latchkey.Provider.Tokens;
using Latchkey.Users;

namespace Latchkey.Provider.UserInfo;

/// <summary>
/// The standard claims of a user (OpenID Connect Core §5.1) and those of the application's own, each with the scope that gives it. What
/// has no value is left out. <c>email</c> is the handle, <c>phone_number</c> the verified one; the others come from metadata fields by
/// the application's mappings, except <c>preferred_username</c>, <c>locale</c> and <c>updated_at</c>, which the user has anyway.
/// </summary>
public static class UserClaims
{
    private const string AddressPrefix = "address.";

    /// <summary>The claims that any application has, for the discovery document.</summary>
    public static IReadOnlyList<string> Built { get; } =
    ["email", "email_verified", "phone_number", "phone_number_verified", "preferred_username", "locale", "updated_at"];

    /// <summary>The claims that these scopes or names give, by name.</summary>
    /// <param name="application">Whose mappings count.</param>
    /// <param name="user">The user.</param>
    /// <param name="scopes">Those of the token.</param>
    /// <param name="names">Those that the request asked for by name.</param>
    public static JsonObject Of(Application application, User user, IReadOnlyList<string> scopes, IReadOnlyList<string> names)
    {
        var claims = new JsonObject();
        foreach (var claim in All(application, user))
        {
            if (scopes.Contains(claim.Scope, StringComparer.Ordinal) || names.Contains(claim.Name, StringComparer.Ordinal))
            {
                claims[claim.Name] = claim.Value;
            }
        }

        return claims;
    }

    /// <summary>The scope that gives a claim; null for one that no user has.</summary>
    public static string? ScopeOf(Application application, string name) =>
        name switch
        {
            "email" or "email_verified" => UserScopes.Email,
            "phone_number" or "phone_number_verified" => UserScopes.Phone,
            "address" => UserScopes.Address,
            _ => application.Settings.ClaimMappings.FirstOrDefault(mapping => mapping.Claim == name)?.Scope
                ?? (Built.Contains(name, StringComparer.Ordinal) ? UserScopes.Profile : null),
        };

    private static IEnumerable<UserClaim> All(Application application, User user) =>
        OfMappings(application, user).Concat(OfColumns(user)).DistinctBy(claim => claim.Name, StringComparer.Ordinal);

    private static IEnumerable<UserClaim> OfColumns(User user)
    {
        if (!user.Anonymous && user.Handle.Contains('@', StringComparison.Ordinal))
        {
            yield return new(UserScopes.Email, "email", user.Handle);
            yield return new(UserScopes.Email, "email_verified", user.EmailVerified);
        }

        if (user.Phone is { Length: > 0 } phone)
        {
            yield return new(UserScopes.Phone, "phone_number", phone);
            yield return new(UserScopes.Phone, "phone_number_verified", true);
        }

        if (user.UserName is { Length: > 0 } name)
        {
            yield return new(UserScopes.Profile, "preferred_username", name);
        }

        yield return new(UserScopes.Profile, "locale", LocaleNames.InUsualCase(user.Locale));
        yield return new(UserScopes.Profile, "updated_at", user.UpdatedAt / 1000);
    }

    private static IEnumerable<UserClaim> OfMappings(Application application, User user)
    {
        var (values, address) = (Metadata.Merge(user), new JsonObject());
        foreach (var mapping in application.Settings.ClaimMappings)
        {
            if (
                values.GetValueOrDefault(mapping.Path) is not { } value
                || string.IsNullOrWhiteSpace(value)
                || !IsValid(mapping.Claim, value)
            )
            {
                continue;
            }

            if (mapping.Claim.StartsWith(AddressPrefix, StringComparison.Ordinal))
            {
                address[mapping.Claim[AddressPrefix.Length..]] = value;
            }
            else
            {
                yield return new(mapping.Scope, mapping.Claim, value);
            }
        }

        if (address.Count > 0)
        {
            yield return new(UserScopes.Address, "address", address);
        }
    }

    /// <summary>A birthday is YYYY-MM-DD, with the year 0000 if it is not said, or YYYY.</summary>
    private static bool IsValid(string claim, string value) =>
        claim != "birthdate"
        || DateOnly.TryParseExact(
            value.StartsWith("0000-", StringComparison.Ordinal) ? $"2000{value[4..]}" : value,
            ["yyyy-MM-dd", "yyyy"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out _
        );
}
