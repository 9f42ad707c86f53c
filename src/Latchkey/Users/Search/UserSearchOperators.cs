using Latchkey.Core;
using Latchkey.Users.Administration;

namespace Latchkey.Users.Search;

/// <summary>What the words of a search mean.</summary>
public sealed class UserSearchOperators(UserSearchScope scope, DateTimeOffset now)
{
    public const string Status = "status";
    public const string Source = "source";
    public const string Provider = "provider";
    public const string Email = "email";
    public const string Name = "name";
    public const string Id = "id";
    public const string Phone = "phone";
    public const string Created = "created";
    public const string LastLogin = "last";
    public const string Factor = "factor";
    public const string Passkey = "passkey";

    /// <summary>Before the path of a metadata field.</summary>
    public const string MetadataPrefix = "meta.";

    /// <summary>For a user who has never logged in.</summary>
    public const string Never = "never";

    private const int MaxMetadataLength = 200; // the index has no more
    private const string Yes = "yes";

    private static readonly string[] Names = [Status, Source, Provider, Email, Name, Id, Phone, Created, LastLogin, Factor, Passkey];

    /// <summary>The statuses as they are typed, and as conditions have them.</summary>
    public static IReadOnlyDictionary<string, string> Statuses { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["active"] = UserStatus.Active,
            ["locked"] = UserStatus.Locked,
            ["suspended"] = UserStatus.Suspended,
            ["unverified"] = UserStatus.Unverified,
            ["verified"] = UserStatus.Verified,
        };

    /// <summary>The condition; an error that says which word and what is possible.</summary>
    public Result<UserCondition> Read(SearchWord word)
    {
        var read =
            word.Operator is null ? ReadText(word)
            : word.Value.Text.Trim().Length == 0 && !word.Value.HasWildcards ? Missing(word)
            : ReadOperator(word);
        return read.Failed(out var condition, out var refused)
            ? refused
            : condition with
            {
                IsNegated = condition.IsNegated ^ word.IsNegated,
            };
    }

    /// <summary>Why no user can have both a condition and those before; null when some can.</summary>
    public static string? FindContradiction(IEnumerable<UserCondition> before, UserCondition condition)
    {
        var same = before.Where(one => one.GetType() == condition.GetType() && !one.IsNegated && !condition.IsNegated);
        return condition switch
        {
            UserCondition.Status { Value: var one }
                when same.OfType<UserCondition.Status>().Any(other => IsOfAddress(other.Value) == IsOfAddress(one)) =>
                "a user has one status. Search for each of them alone.",
            UserCondition.Origin or UserCondition.Provider or UserCondition.Id when same.Any() =>
                "a user has one of them. Search for each of them alone.",
            _ => null,
        };
    }

    private static bool IsOfAddress(string status) => status is UserStatus.Verified or UserStatus.Unverified;

    private static Result<UserCondition> ReadText(SearchWord word) =>
        word.IsNegated
            ? Refuse($"{word.Typed}: a minus can stand before a filter, such as -status:suspended. For text, use quotation marks.")
        : word.Value.Text.Trim().Length == 0 ? Refuse($"{word.Typed}: type what the address or user name has.")
        : new UserCondition.Text((word.Value.HasWildcards ? word.Value : TextPattern.Containing(word.Value.Text)).Select(Handle.Normalise));

    private Result<UserCondition> ReadOperator(SearchWord word) =>
        word.Operator switch
        {
            Status => Statuses.TryGetValue(word.Value.Text, out var status)
                ? new UserCondition.Status(status)
                : Unknown(word, Statuses.Keys),
            Source => UserList.Origins.FirstOrDefault(origin => Equals(origin, word.Value.Text)) is { } origin
                ? new UserCondition.Origin(origin)
                : Unknown(word, UserList.Origins.Append(UserOrigin.Anonymous)),
            Provider => scope.ProviderAliases.FirstOrDefault(alias => Equals(alias, word.Value.Text)) is { } alias
                ? new UserCondition.Provider(alias)
                : Unknown(word, scope.ProviderAliases),
            Email when scope.Anonymous => Refuse($"{word.Typed}: anonymous users have no address."),
            Email => new UserCondition.Email(word.Value.Select(Handle.Normalise)),
            Name => new UserCondition.Name(word.Value.Select(Handle.Normalise)),
            Id => Guid.TryParseExact(word.Value.Text, "D", out _)
                ? new UserCondition.Id(word.Value.Text.ToLowerInvariant())
                : Refuse($"{word.Typed}: an id has the form 01900000-0000-7000-8000-000000000000."),
            Phone => ReadPhone(word),
            Created => SearchTime.Parse(word.Value.Text, now) is { } range ? new UserCondition.Created(range) : UnknownTime(word, ""),
            LastLogin => Equals(word.Value.Text, Never) ? new UserCondition.NeverLoggedIn()
            : SearchTime.Parse(word.Value.Text, now) is { } range ? new UserCondition.LastLogin(range)
            : UnknownTime(word, $"{Never}, "),
            Factor => ReadYesNo(word, new UserCondition.Factor()),
            Passkey => ReadYesNo(word, new UserCondition.Passkey()),
            _ => ReadMetadata(word),
        };

    private static Result<UserCondition> ReadPhone(SearchWord word)
    {
        var number = string.Concat(word.Value.Text.Where(c => c is not (' ' or '-' or '/' or '(' or ')' or '.')));
        return number is ['+', _, ..] && number[1..].All(char.IsAsciiDigit)
            ? new UserCondition.Phone(number)
            : Refuse($"{word.Typed}: type the whole number with + and the country, such as phone:+4915112345678.");
    }

    private static Result<UserCondition> ReadYesNo(SearchWord word, UserCondition condition) =>
        Equals(word.Value.Text, Yes) || Equals(word.Value.Text, "no")
            ? condition with
            {
                IsNegated = !Equals(word.Value.Text, Yes),
            }
            : Unknown(word, [Yes, "no"]);

    private Result<UserCondition> ReadMetadata(SearchWord word)
    {
        var name = word.Operator ?? "";
        if (!name.StartsWith(MetadataPrefix, StringComparison.Ordinal))
        {
            return Refuse(
                scope.FindField(name) is { } meant
                    ? $"{word.Typed}: for this metadata field, type {MetadataPrefix}{meant.Path}:…"
                    : $"{word.Typed}: {name} is no filter. Possible are {Choices(Names)}{FieldChoices()}. "
                        + "Text with a colon needs quotation marks."
            );
        }

        if (scope.FindField(name[MetadataPrefix.Length..]) is not { } field)
        {
            return Refuse(
                scope.Fields.Count == 0
                    ? $"{word.Typed}: the application defines no metadata fields."
                    : $"{word.Typed}: there is no such metadata field. Possible are "
                        + $"{Choices(scope.Fields.Select(one => MetadataPrefix + one.Path))}."
            );
        }

        return word.Value.Text.Length > MaxMetadataLength
            ? Refuse($"{MetadataPrefix}{field.Path}: a value can be searched by {MaxMetadataLength} characters at most.")
            : new UserCondition.Metadata(field.Path, word.Value.HasWildcards ? word.Value : word.Value.Select(part => part.Trim()));
    }

    private string FieldChoices() => scope.Fields.Count == 0 ? "" : $" and {MetadataPrefix}… with a metadata field";

    private Error Missing(SearchWord word) =>
        Refuse(
            word.Operator switch
            {
                Status => $"{word.Typed} needs a value: {Choices(Statuses.Keys)}.",
                Source => $"{word.Typed} needs a value: {Choices(UserList.Origins)}.",
                Provider => $"{word.Typed} needs a value: {Choices(scope.ProviderAliases)}.",
                Created or LastLogin => $"{word.Typed} needs a time: {SearchTime.Forms}.",
                _ => $"{word.Typed} needs a value after the colon, without a space.",
            }
        );

    private static Error Unknown(SearchWord word, IEnumerable<string> possible) =>
        Refuse($"{word.Typed}: {Strings.Printable(word.Value.Text)} is unknown. Possible are {Choices(possible)}.");

    private static Error UnknownTime(SearchWord word, string more) =>
        Refuse($"{word.Typed}: this is no time. Possible are {more}{SearchTime.Forms}.");

    private static string Choices(IEnumerable<string> possible) => string.Join(", ", possible);

    private static bool Equals(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static Error Refuse(string message) => ErrorCodes.InvalidData with { Message = message };
}
