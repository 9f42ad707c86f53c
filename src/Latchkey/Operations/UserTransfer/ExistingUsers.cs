using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Existing users that share a unique value with the rows of a batch.</summary>
public sealed class ExistingUsers
{
    public static readonly ExistingUsers None = new([], new Dictionary<ProviderAccount, string>());
    private readonly Dictionary<string, User> found = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<ProviderAccount, string> owners;

    /// <param name="users">The users.</param>
    /// <param name="owners">The ids of the users who have these accounts.</param>
    public ExistingUsers(IEnumerable<User> users, IReadOnlyDictionary<ProviderAccount, string> owners)
    {
        this.owners = owners;
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
    public string? FindConflict(ValidatedRow validated, User? existing)
    {
        var (row, hasId) = (validated.User, validated.Values[UserField.Id] is not null);
        bool IsAnothers(string? key) => key is not null && found.TryGetValue(key, out var user) && user.Id != existing?.Id;

        return hasId && ((existing is not null && existing.Id != row.Id) || IsAnothers(IdKey(row)))
                ? "id: another user has it; --map id= leaves ids out"
            : IsAnothers(NameKey(row)) ? "userName: another user has it"
            : IsAnothers(PhoneKey(row)) ? "phone: another user has it"
            : validated.Accounts.Any(account => owners.TryGetValue(account, out var owner) && owner != existing?.Id)
                ? "providerSubject: another user has it"
            : null;
    }

    private static IEnumerable<string> Keys(User user) =>
        new[] { HandleKey(user), IdKey(user), NameKey(user), PhoneKey(user) }.OfType<string>();

    private static string HandleKey(User user) => $"h|{user.AppId}|{user.HandleKey}";

    private static string IdKey(User user) => $"i|{user.AppId}|{user.Id}";

    private static string? NameKey(User user) => user.UserName is { } name ? $"n|{user.AppId}|{name}" : null;

    private static string? PhoneKey(User user) => user.Phone is { } phone ? $"p|{user.AppId}|{phone}" : null;
}
