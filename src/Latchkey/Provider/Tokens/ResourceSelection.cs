using Latchkey.Applications;
using Latchkey.Applications.Resources;
using Latchkey.Core;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// Which resources an access token is for, and which scopes mean something there (RFC 8707, RFC 9068 §3). Pure rules:
/// <list type="bullet">
/// <item>The scopes of OpenID Connect, of claim mappings, and any that no resource has, belong to the issuer. It is the default
/// resource, and every client may ask for it.</item>
/// <item>One resource asked: the token is for it, and scopes that mean nothing there are dropped.</item>
/// <item>None asked: a scope of one allowed resource makes this the default; scopes of different ones are invalid_scope.</item>
/// <item>Several asked: only if every scope belongs clearly to one of them; else invalid_scope.</item>
/// </list>
/// </summary>
public sealed class ResourceSelection(Application application, string issuer)
{
    private static readonly Error Ambiguous = OAuthErrors.InvalidScope with
    {
        Message = "The scopes belong to different resources. Name one in the parameter resource.",
    };

    /// <summary>invalid_target unless each is an absolute URI without a fragment, known, and allowed; null if all are.</summary>
    /// <param name="asked">The values of the parameter resource.</param>
    /// <param name="allowed">The client's resources, or those of its grant.</param>
    public Error? Check(IReadOnlyList<string> asked, IReadOnlyList<string> allowed) =>
        asked.FirstOrDefault(one => !Uri.TryCreate(one, UriKind.Absolute, out _) || one.Contains('#', StringComparison.Ordinal)) is not null
            ? OAuthErrors.InvalidTarget with
            {
                Message = "A resource must be an absolute URI without a fragment.",
            }
        : asked.FirstOrDefault(one => one != issuer && (!allowed.Contains(one, StringComparer.Ordinal) || Find(one) is null)) is { } refused
            ? OAuthErrors.InvalidTarget.WithCause($"the resource {refused} is unknown, or not allowed")
        : null;

    /// <summary>What the token is for. invalid_target as in <see cref="Check"/>; invalid_scope as above.</summary>
    /// <param name="scopes">What the client wants and may have.</param>
    /// <param name="asked">The values of the parameter resource; empty for none.</param>
    /// <param name="allowed">The client's resources, or those of its grant.</param>
    public Result<TokenTarget> Select(IReadOnlyList<string> scopes, IReadOnlyList<string> asked, IReadOnlyList<string> allowed)
    {
        if (Check(asked, allowed) is { } refused)
        {
            return refused;
        }

        string[] distinct = [.. asked.Distinct(StringComparer.Ordinal)];
        return distinct switch
        {
            [] => SelectDefault(scopes, allowed),
            [var one] => Target([one], scopes),
            _ => distinct
                .SelectMany(one => scopes.Where(scope => Belongs(scope, one)))
                .GroupBy(scope => scope, StringComparer.Ordinal)
                .Any(g => g.Count() > 1)
                ? Ambiguous
                : Target(distinct, scopes),
        };
    }

    /// <summary>The resources of a grant's scopes, for a grant that names none: what it can be narrowed to.</summary>
    public IReadOnlyList<string> Owners(IReadOnlyList<string> scopes, IReadOnlyList<string> allowed) =>
        [.. allowed.Where(resource => scopes.Any(scope => Belongs(scope, resource)))];

    private Result<TokenTarget> SelectDefault(IReadOnlyList<string> scopes, IReadOnlyList<string> allowed)
    {
        IReadOnlyList<string>[] owners = [.. scopes.Select(scope => Owners([scope], allowed)).Where(of => of.Count > 0)];
        var common = owners.Aggregate(allowed, (left, of) => [.. left.Intersect(of, StringComparer.Ordinal)]);
        return owners.Length == 0 ? Target([issuer], scopes)
            : common is [var one] ? Target([one], scopes)
            : Ambiguous;
    }

    private TokenTarget Target(IReadOnlyList<string> audiences, IReadOnlyList<string> scopes) =>
        new(
            audiences,
            [.. scopes.Where(scope => audiences.Any(audience => Belongs(scope, audience)))],
            audiences.Min(audience => Find(audience)?.TokenSeconds ?? application.Settings.ProviderTokenMinutes * 60L)
        );

    private bool Belongs(string scope, string audience) =>
        audience == issuer
            ? UserScopes.Has(application, scope) || !application.Resources.Any(resource => IsOf(resource, scope))
            : Find(audience) is { } found && IsOf(found, scope) && !UserScopes.Has(application, scope);

    private static bool IsOf(Resource resource, string scope) => resource.ScopeNames.Contains(scope, StringComparer.Ordinal);

    private Resource? Find(string id) => application.Resources.FirstOrDefault(resource => resource.Id == id);
}
