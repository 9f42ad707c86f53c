using System.Data.Common;
using Latchkey.Applications.Domains;
using Latchkey.Applications.Resources;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>What changed settings are checked against in the database: the operator's limits, the domains and the resources.</summary>
public sealed class SettingChecks(InstallationLimitStore limits, DomainStore domains, ResourceStore resources)
{
    /// <summary>How the ids of the OpenID provider's clients begin.</summary>
    public const string ClientIdPrefix = "lkc_";

    /// <summary>The first violated rule as a sentence; null when the change is allowed.</summary>
    /// <param name="db">A connection, or the transaction of the change.</param>
    /// <param name="next">The application as it would become.</param>
    /// <param name="changed">The names of the settings that change.</param>
    /// <param name="by">The caller's role.</param>
    public async Task<Error?> Validate(DbConnection db, ApplicationRow next, IReadOnlyList<string> changed, Role by)
    {
        var settings = ApplicationRules.SettingsOf(next);
        return (await limits.Read(db)).ForType(next.Type).Validate(next.Type, settings, changed, by)
            ?? (
                changed.Contains(ProviderSettings.IssuerDomain.Name, StringComparer.Ordinal)
                    ? await ValidateIssuer(db, next.Id, settings.IssuerDomain)
                    : null
            )
            ?? (changed.Contains("realmAppId", StringComparer.Ordinal) ? await ValidateAudience(db, next.Id, settings.RealmAppId) : null)
            ?? (
                changed.Contains(ClaimMappings.Setting.Name, StringComparer.Ordinal)
                    ? await ValidateMappings(db, next.Id, settings.ClaimMappings)
                    : null
            );
    }

    private async Task<Error?> ValidateIssuer(DbConnection db, string appId, string domain) =>
        domain.Length == 0 ? null
        : !(await domains.List(db, appId)).Contains(domain, StringComparer.Ordinal)
            ? Setting.Invalid($"{domain} is not a domain of this application. The operator gives it one, with latchkey app domain add.")
        : (await resources.List(db, appId)).Any(one => one.Id.TrimEnd('/').Equals($"https://{domain}", StringComparison.OrdinalIgnoreCase))
            ? Setting.Invalid($"https://{domain} is a resource of this application. Tokens for it and for the issuer would look alike.")
        : null;

    /// <summary>User JWTs must not look like tokens for an API, or for a client of the OpenID provider.</summary>
    private async Task<Error?> ValidateAudience(DbConnection db, string appId, string realmAppId) =>
        realmAppId.StartsWith(ClientIdPrefix, StringComparison.OrdinalIgnoreCase)
        || (await resources.List(db, appId)).Any(resource => resource.Id == realmAppId)
            ? Setting.Invalid("realmAppId cannot be a resource of the OpenID provider, nor begin as its clients do.")
            : null;

    /// <summary>A scope either gives claims or means something at an API; otherwise a token could not say which.</summary>
    private async Task<Error?> ValidateMappings(DbConnection db, string appId, IReadOnlyList<ClaimMapping> mappings) =>
        (await resources.List(db, appId)).FirstOrDefault(one =>
            one.ScopeNames.Intersect(mappings.Select(m => m.Scope), StringComparer.Ordinal).Any()
        )
            is { } taken
            ? Setting.Invalid($"The resource {taken.Id} has a scope of this name. Choose another scope for the claim.")
            : null;
}
