using Latchkey.Applications;

namespace Latchkey.Provider.Tokens;

/// <summary>The scopes of OpenID Connect (Core §5.4 and §11). They mean something at the issuer only, and only with a user.</summary>
public static class UserScopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string Phone = "phone";
    public const string Address = "address";
    public const string OfflineAccess = "offline_access";

    public static IReadOnlyList<string> All { get; } = [OpenId, Profile, Email, Phone, Address, OfflineAccess];

    /// <summary>Whether a scope is one of these, or gives claims by the application's mappings.</summary>
    public static bool Has(Application application, string scope) =>
        All.Contains(scope, StringComparer.Ordinal) || application.Settings.ClaimMappings.Any(mapping => mapping.Scope == scope);

    /// <summary>The scopes of a text with spaces between them.</summary>
    public static IReadOnlyList<string> Split(string? scope) =>
        [.. (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}
