using System.Globalization;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Users.Search;

/// <summary>Writes the conditions of one query as SQL over the table users, and collects their parameters.</summary>
public sealed class UserConditionSql(Dialect dialect, UserListQuery query)
{
    // Must equal the conditions of the partial indexes
    private const string IsSuspended = "status = 'suspend'";
    private const string IsLockedByCodes = "failed_codes >= 50"; // CodeGuessing.ForcesReset
    private const string HasIndexedLock = $"(failed_logins > 1 OR {IsLockedByCodes})";
    private const string IsUnverified = "email_verified = FALSE AND anonymous = FALSE";
    private const string HasIndexedFactor = "(two_factor_google = TRUE OR two_factor_phone = TRUE OR passkey_count > 0)";

    // Ranks, from what finds one user to what is slow to look up
    private const int One = 0;
    private const int Few = 1;
    private const int Rare = 2;
    private const int Many = 3;
    private const int Slow = 4;

    private static readonly string[] FactorColumns = ["two_factor_google", "two_factor_phone", "passkey_count"];

    private readonly UserTextSql texts = new(query.Anonymous);
    private readonly Dictionary<string, object?> values = new(StringComparer.Ordinal);

    /// <summary>The parameters of all conditions that were written.</summary>
    public IReadOnlyDictionary<string, object?> Values => values;

    private string OfKind => query.Anonymous ? "app_id = @appId AND anonymous = TRUE" : "app_id = @appId AND anonymous = FALSE";

    /// <summary>The typed text, which is part of the handle or of the user name.</summary>
    public ConditionSql WriteSearch() =>
        query.SearchesSubstrings
            ? texts.Containing(TextPattern.Containing(query.Search), Add) with
            {
                Rank = Slow,
            }
            : texts.StartingWith(query.Search, Add) with
            {
                Rank = Few,
            };

    public ConditionSql Write(UserCondition condition)
    {
        var sql = WritePositive(condition);
        return condition.IsNegated ? new ConditionSql($"NOT COALESCE({sql.Filter}, FALSE)") { Columns = sql.Columns, Rank = Slow } : sql;
    }

    private ConditionSql WritePositive(UserCondition condition) =>
        condition switch
        {
            UserCondition.Id id => OfColumn($"id = {Add(id.Value)}"),
            UserCondition.Phone phone => OfColumn($"phone = {Add(phone.Number)} AND phone IS NOT NULL") with { Columns = ["phone"] },
            UserCondition.Name { Pattern: var name } => texts.Name(name, Add) with { Rank = name.HasWildcards ? Slow : Few },
            UserCondition.Email { Pattern: var email } => texts.Email(email, Add) with { Rank = email.HasWildcards ? Slow : Few },
            UserCondition.Text text => texts.Containing(text.Pattern, Add) with { Rank = Slow },
            UserCondition.Metadata metadata => WriteMetadata(metadata.Path, CaseVariants.Of(metadata.Pattern)),
            UserCondition.Status status => WriteStatus(status.Value),
            UserCondition.Factor => OfList(
                query.CountsPasskeysAsFactor
                    ? HasIndexedFactor
                    : $"{HasIndexedFactor} AND (two_factor_google = TRUE OR two_factor_phone = TRUE)",
                FactorColumns
            ),
            UserCondition.Passkey => OfList($"{HasIndexedFactor} AND passkey_count > 0", FactorColumns),
            UserCondition.Provider provider => OfList($"login_provider = {Add(provider.Alias)} AND login_provider <> ''"),
            UserCondition.Origin origin => OfList($"origin = {Add(origin.Value)} AND origin <> 'anonymous'"),
            UserCondition.NeverLoggedIn => OfTime("last_login_at IS NULL"),
            UserCondition.LastLogin login => OfTime(Within("last_login_at", login.Range)),
            UserCondition.Created created => WriteCreated(Within("created_at", created.Range)),
            _ => throw new InvalidOperationException($"no SQL for {condition.GetType().Name}"),
        };

    /// <summary>A condition over a column with an index of its own.</summary>
    private static ConditionSql OfColumn(string filter) =>
        new($"({filter})") { Rank = One, Candidates = [$"SELECT id FROM users WHERE app_id = @appId AND {filter}"] };

    /// <summary>A condition with an index in the order of creation.</summary>
    private ConditionSql OfList(string filter, params IReadOnlyList<string> columns) =>
        new($"({filter})")
        {
            Rank = Rare,
            Columns = columns,
            InOrderOfCreation = filter,
            Candidates = [$"SELECT id FROM users WHERE {OfKind} AND {filter}"],
        };

    private ConditionSql OfTime(string filter) =>
        new($"({filter})") { Rank = Many, Candidates = [$"SELECT id FROM users WHERE {OfKind} AND {filter}"] };

    private ConditionSql WriteCreated(string range) => OfTime(range) with { RangeOfCreation = range };

    private ConditionSql WriteStatus(string status) =>
        (status, query.MaxLoginAttempts) switch
        {
            (UserStatus.Unverified, _) => OfList(IsUnverified, "email_verified"),
            (UserStatus.Verified, _) => new("email_verified = TRUE") { Rank = Slow, Columns = ["email_verified"] },
            (UserStatus.Suspended, _) => OfList(IsSuspended) with { InOrderOfLogin = IsSuspended },
            (UserStatus.Locked, 0) => OfList($"{HasIndexedLock} AND {IsLockedByCodes} AND status = 'active'"),
            // After one wrong password: the index of those with two has them not
            (UserStatus.Locked, 1) => new($"((failed_logins >= 1 OR {IsLockedByCodes}) AND status = 'active')") { Rank = Slow },
            (UserStatus.Locked, var most) => OfList(
                $"{HasIndexedLock} AND (failed_logins >= {Add(most)} OR {IsLockedByCodes}) AND status = 'active'"
            ),
            (_, 0) => new($"(status = 'active' AND NOT {IsLockedByCodes})") { Rank = Slow },
            (_, var most) => new($"(status = 'active' AND failed_logins < {Add(most)} AND NOT {IsLockedByCodes})") { Rank = Slow },
        };

    /// <summary>
    /// Scans compare the documents of the rows they read. The index of values finds those who match, in the order of creation.
    /// </summary>
    private ConditionSql WriteMetadata(string fieldPath, IReadOnlyList<TextPattern> variants)
    {
        var path = Add(fieldPath);
        var isExact = !variants[0].HasWildcards;
        string[] compared = [.. variants.Select(variant => isExact ? $"= {Add(variant.Text)}" : $@"LIKE {Add(variant.Like)} ESCAPE '\'")];
        string Matches(string value) => $"({string.Join(" OR ", compared.Select(one => $"{value} {one}"))})";
        string Has(string document) =>
            $"COALESCE({Matches(dialect.AsciiLower($"substr({dialect.JsonText(document, path[1..])}, 1, 200)"))}, FALSE)";

        var range =
            isExact || variants.Count > 1 || variants[0].Prefix.Length == 0 ? "" : $" AND {StartsWith("value", variants[0].Prefix)}";
        var values = $"user_metadata_values WHERE app_id = @appId AND path = {path} AND {Matches("value")}{range}";
        var isOrdered = isExact && variants.Count == 1;
        return new ConditionSql($"({Has("metadata")} OR {Has("invite_metadata")})")
        {
            Rank = isExact ? Few : Slow,
            Columns = ["metadata", "invite_metadata"],
            InOrderOfCreation = isOrdered ? "created_at IS NOT NULL" : null,
            Table = isOrdered ? columns => UsersWithValue(columns, path, compared[0]) : null,
            Candidates = [$"SELECT user_id AS id FROM {values}"],
        };
    }

    private static string UsersWithValue(string columns, string path, string compared)
    {
        var ofUsers = columns.Split(", ").Where(column => column is not ("id" or "created_at")).Select(column => $"u.{column}");
        return $"""
            (SELECT u.app_id, {string.Join(", ", ofUsers)}, v.created_at AS created_at, v.user_id AS id
              FROM user_metadata_values v JOIN users u ON u.app_id = v.app_id AND u.id = v.user_id
              WHERE v.app_id = @appId AND v.path = {path} AND v.value {compared}) having_value
            """;
    }

    private string StartsWith(string column, string prefix) =>
        $"{column} >= {Add(prefix)} AND {column} < {Add(prefix + char.ConvertFromUtf32(0x10FFFF))}";

    /// <summary>The condition that a time is known and within a range.</summary>
    public string Within(string column, TimeRange range) =>
        $"{column} IS NOT NULL"
        + (range.From is { } from ? $" AND {column} >= {Add(from)}" : "")
        + (range.To is { } to ? $" AND {column} < {Add(to)}" : "");

    private string Add(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"c{values.Count}");
        values.Add(name, value);
        return $"@{name}";
    }
}
