using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Existing users that share a unique value with the rows of a batch.</summary>
public sealed class ExistingUsers
{
    public static readonly ExistingUsers None = new([]);
    private readonly Dictionary<string, User> found = new(StringComparer.Ordinal);

    public ExistingUsers(IEnumerable<User> users)
    {
        foreach (var user in users)
        {
            foreach (var key in Keys(user))
            {
                found[key] = user;
            }
        }
    }

    /// <summary>The application's user of the same handle.</summary>
    public User? FindByHandle(User row) => found.GetValueOrDefault(HandleKey(row));

    /// <summary>A unique value of the row that belongs to a user other than <paramref name="existing"/>; null when there is none.</summary>
    public string? FindConflict(User row, User? existing, bool hasId)
    {
        bool IsAnothers(string? key) => key is not null && found.TryGetValue(key, out var user) && user.Id != existing?.Id;

        return hasId && ((existing is not null && existing.Id != row.Id) || IsAnothers(IdKey(row)))
                ? "id: another user has it; --map id= leaves ids out"
            : IsAnothers(NameKey(row)) ? "userName: another user has it"
            : IsAnothers(PhoneKey(row)) ? "phone: another user has it"
            : IsAnothers(SubjectKey(row)) ? "providerSubject: another user has it"
            : null;
    }

    private static IEnumerable<string> Keys(User user) =>
        new[] { HandleKey(user), IdKey(user), NameKey(user), PhoneKey(user), SubjectKey(user) }.OfType<string>();

    private static string HandleKey(User user) => $"h|{user.AppId}|{user.HandleKey}";

    private static string IdKey(User user) => $"i|{user.AppId}|{user.Id}";

    private static string? NameKey(User user) => user.UserName is { } name ? $"n|{user.AppId}|{name}" : null;

    private static string? PhoneKey(User user) => user.Phone is { } phone ? $"p|{user.AppId}|{phone}" : null;

    private static string? SubjectKey(User user) =>
        user.ProviderSubject is { } subject ? $"s|{user.AppId}|{user.LoginProvider}|{subject}" : null;
}
