using Latchkey.Applications;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>What a client gets, in plain words.</summary>
public static class ScopeList
{
    public static string Html(PageRequest page, Client client, IReadOnlyList<string> scopes, IReadOnlyList<string> resources) =>
        Html(page, client.Settings.Resources, scopes, resources);

    /// <param name="own">The resources that the client may have.</param>
    public static string Html(PageRequest page, IReadOnlyList<string> own, IReadOnlyList<string> scopes, IReadOnlyList<string> resources) =>
        $"<ul>{string.Concat(Lines(page, own, scopes, resources).Select(line => $"<li>{line}</li>"))}</ul>";

    private static IEnumerable<string> Lines(
        PageRequest page,
        IReadOnlyList<string> own,
        IReadOnlyList<string> scopes,
        IReadOnlyList<string> resources
    )
    {
        var (text, application) = (page.Text, page.Caller.Application);
        foreach (var scope in scopes)
        {
            var owner = application.Resources.FirstOrDefault(one =>
                own.Contains(one.Id, StringComparer.Ordinal) && one.ScopeNames.Contains(scope, StringComparer.Ordinal)
            );
            yield return scope switch
            {
                UserScopes.OpenId => E(text.OpenId),
                UserScopes.Profile => E(text.Profile),
                UserScopes.Email => E(text.Email),
                UserScopes.Phone => E(text.PhoneScope),
                UserScopes.Address => E(text.Address),
                UserScopes.OfflineAccess => E(text.OfflineAccess),
                _ when owner is not null => Fill(text.ResourceScope, ("SCOPE", scope), ("RESOURCE", owner.Name)),
                _ => Fill(text.OtherScope, ("SCOPE", scope)),
            };
        }

        // One that a line above names says no more.
        foreach (var id in resources.Where(id => id != page.Caller.Issuer && !IsNamed(application, id, scopes)))
        {
            yield return Fill(text.Resource, ("RESOURCE", application.Resources.FirstOrDefault(one => one.Id == id)?.Name ?? id));
        }
    }

    private static bool IsNamed(Application application, string resource, IReadOnlyList<string> scopes) =>
        application.Resources.FirstOrDefault(one => one.Id == resource) is { } found
        && found.ScopeNames.Intersect(scopes, StringComparer.Ordinal).Any();
}
