using Latchkey.Applications;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Settings;

namespace Latchkey.Users.Search;

/// <summary>The application in which a search is made: what its words can name.</summary>
/// <param name="Settings">Of the application: its metadata fields and limits.</param>
/// <param name="ProviderAliases">Those that users can have signed up with.</param>
/// <param name="Anonymous">Among the anonymous users, whose handle is a credential; not among the others.</param>
public sealed record UserSearchScope(ApplicationSettings Settings, IReadOnlyList<string> ProviderAliases, bool Anonymous = false)
{
    public static UserSearchScope Of(Application application, bool anonymous = false) =>
        Of(application.Settings, application.IdentityProviders, anonymous);

    public static UserSearchScope Of(ApplicationSettings settings, IEnumerable<IdentityProvider> others, bool anonymous = false) =>
        new(settings, [.. SocialProvider.All.Concat(others.Select(one => one.Alias)).Distinct(StringComparer.Ordinal)], anonymous);

    /// <summary>The fields of users and invitations with values. A field that holds the handle has none.</summary>
    public IReadOnlyList<MetadataField> Fields { get; } =
    [.. Settings.MetaData.Concat(Settings.MetaDataInvite).Where(field => !field.HoldsHandle)];

    /// <summary>The field with this path or, if there is only one, with this name; null for none.</summary>
    public MetadataField? FindField(string pathOrName)
    {
        var named = Fields.Where(field => field.FieldName.Equals(pathOrName, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return Fields.FirstOrDefault(field => field.Path.Equals(pathOrName, StringComparison.OrdinalIgnoreCase))
            ?? (named.Count == 1 ? named[0] : null);
    }
}
