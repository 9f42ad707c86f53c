using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Applications;
using Latchkey.Provider.Clients;

namespace Latchkey.Provider.UserInfo;

/// <summary>The claims that an authorization request names in its parameter <c>claims</c> (OpenID Connect Core §5.5).</summary>
public static class RequestedClaims
{
    private const string OfUserInfo = "userinfo";
    private const string OfIdToken = "id_token";

    /// <summary>
    /// What of the parameter the client may have, in the same form: claims whose scope a first-party client can get, or that the user
    /// allowed to a third party. The other members have done their work by now. Null for nothing.
    /// </summary>
    public static string? Allow(Application application, Client client, IReadOnlyList<string> scopes, string? claims)
    {
        var allowed = client.Settings.FirstParty ? client.Settings.Scopes : scopes;
        var kept = new JsonObject();
        foreach (var part in new[] { OfUserInfo, OfIdToken })
        {
            var names = Names(claims, part)
                .Where(name => UserClaims.ScopeOf(application, name) is { } of && allowed.Contains(of, StringComparer.Ordinal));
            if (names.ToDictionary(name => name, _ => (JsonNode?)null, StringComparer.Ordinal) is { Count: > 0 } ofPart)
            {
                kept[part] = new JsonObject(ofPart);
            }
        }

        return kept.Count > 0 ? kept.ToJsonString() : null;
    }

    /// <summary>The claims to add to the answers of userinfo.</summary>
    public static IReadOnlyList<string> ForUserInfo(string? claims) => Names(claims, OfUserInfo);

    /// <summary>The claims to add to ID tokens.</summary>
    public static IReadOnlyList<string> ForIdToken(string? claims) => Names(claims, OfIdToken);

    private static IReadOnlyList<string> Names(string? claims, string part)
    {
        if (claims is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(claims); // the authorization endpoint has let it pass
        return document.RootElement.TryGetProperty(part, out var members) && members.ValueKind == JsonValueKind.Object
            ? [.. members.EnumerateObject().Select(member => member.Name).Distinct(StringComparer.Ordinal)]
            : [];
    }
}
