using Latchkey.Core;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;

namespace Latchkey.Provider.Authorization;

/// <summary>The scopes of an authorization request that its client can have. Others are ignored (OpenID Connect Core §3.1.2.1).</summary>
public static class RequestedScopes
{
    /// <summary>
    /// invalid_scope for no scope, one of other characters than RFC 6749 §3.3 allows, or if nothing that is allowed is left; invalid_target
    /// for a resource that is not the client's.
    /// </summary>
    public static Result<IReadOnlyList<string>> Read(ProviderCaller caller, Client client, OAuthParameters parameters)
    {
        if (parameters["scope"] is not { } text)
        {
            return OAuthErrors.InvalidScope with { Message = "scope is missing." };
        }

        var asked = UserScopes.Split(text);
        if (!asked.All(IsScope))
        {
            return OAuthErrors.InvalidScope with { Message = "scope has characters that no scope has." };
        }

        string[] allowed = [.. asked.Where(scope => IsAllowed(client, scope))];
        if (allowed.Length == 0)
        {
            return OAuthErrors.InvalidScope with { Message = "The client can have none of these scopes." };
        }

        var resources = new ResourceSelection(caller.Application, caller.Issuer);
        return resources.Select(allowed, parameters.Values("resource"), client.Settings.Resources).Failed(out _, out var refused)
            ? refused
            : allowed;
    }

    /// <summary>Without refresh tokens there is nothing that offline_access could mean.</summary>
    private static bool IsAllowed(Client client, string scope) =>
        client.Settings.Scopes.Contains(scope, StringComparer.Ordinal)
        && (scope != UserScopes.OfflineAccess || client.HasGrant(GrantType.RefreshToken));

    private static bool IsScope(string text) => text.All(c => c is '!' or (>= '#' and <= '[') or (>= ']' and <= '~'));
}
