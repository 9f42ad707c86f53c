using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Users.Search;

/// <summary>
/// Conditions over handles and user names. Of anonymous users, whose handle is a credential, only the user name is looked at.
/// </summary>
public sealed class UserTextSql(bool anonymous)
{
    /// <summary>For users whose handle begins with <c>@from</c>.</summary>
    public const string HandleHasPrefix = "handle_key >= @from AND handle_key < @to";

    // Sorted by handle, anonymous users form one block in the middle. Lists of the other users skip it.
    public const string BeforeAnonymous = "handle_key < 'ANON_'";
    public const string AfterAnonymous = "handle_key >= 'ANON`'";

    /// <summary>The handle or the user name matches.</summary>
    public ConditionSql Containing(TextPattern pattern, Func<object, string> parameter)
    {
        var name = Name(pattern, parameter);
        return anonymous ? name : Or(Email(pattern, parameter), name);
    }

    /// <summary>The handle or the user name begins so.</summary>
    public ConditionSql StartingWith(string text, Func<object, string> parameter)
    {
        var name = Name(new TextPattern([text]), parameter);
        return anonymous ? name : Or(Email(new TextPattern([text]), parameter), name);
    }

    /// <summary>The user name begins so, or matches the wildcards.</summary>
    public ConditionSql Name(TextPattern pattern, Func<object, string> parameter)
    {
        var filter = pattern.HasWildcards
            ? $@"user_name LIKE {parameter(pattern.Like)} ESCAPE '\'"
            : Between("user_name", LikePattern.PrefixRange(pattern.Text), parameter);
        return new ConditionSql($"({filter})") { Candidates = [Ids(pattern.HasWildcards ? $"user_name >= '' AND {filter}" : filter)] };
    }

    /// <summary>The handle begins so, or matches the wildcards. The keys hold A-labels, but people search for what they see.</summary>
    public ConditionSql Email(TextPattern pattern, Func<object, string> parameter)
    {
        if (!pattern.HasWildcards)
        {
            return EmailPrefix(pattern.Text, parameter);
        }

        var ofHandle = $@"handle LIKE {parameter(pattern.Like)} ESCAPE '\'";
        var ofKey = $@"handle_key LIKE {parameter(pattern.Select(Handle.KeyOf).Like)} ESCAPE '\'";
        return new ConditionSql($"({ofHandle} OR {ofKey})")
        {
            Candidates =
            [
                // The first condition makes SQLite, which has no row estimates, use the intended index.
                Ids($"handle_key >= '' AND ({BeforeAnonymous} OR {AfterAnonymous}) AND {ofKey}"),
                Ids($"handle <> handle_key AND {ofHandle}"),
            ],
        };
    }

    private static ConditionSql EmailPrefix(string text, Func<object, string> parameter)
    {
        // The index holds A-labels behind the @, so it narrows the list down to the local part.
        var key = Handle.KeyOf(text);
        var at = key.IndexOf('@', StringComparison.Ordinal);
        var ofKey = Between("handle_key", LikePattern.PrefixRange(key), parameter);
        var ofHandle = Between("handle", LikePattern.PrefixRange(text), parameter);
        return new ConditionSql($"({ofKey} OR {ofHandle})")
        {
            Candidates = [Ids(at < 0 ? ofKey : Between("handle_key", LikePattern.PrefixRange(key[..(at + 1)]), parameter))],
        };
    }

    private static ConditionSql Or(ConditionSql one, ConditionSql other) =>
        new($"({one.Filter} OR {other.Filter})") { Candidates = [.. one.Candidates, .. other.Candidates] };

    private static string Between(string column, (string From, string To) range, Func<object, string> parameter) =>
        $"{column} >= {parameter(range.From)} AND {column} < {parameter(range.To)}";

    private static string Ids(string condition) => $"SELECT id FROM users WHERE app_id = @appId AND {condition}";
}
