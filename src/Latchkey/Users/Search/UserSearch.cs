using Latchkey.Core;

namespace Latchkey.Users.Search;

/// <summary>
/// The language in which users are searched: words such as <c>status:locked</c>, <c>meta.club:Kiel</c> or <c>-source:import</c>, which
/// must all hold, and text that handles and user names are searched for. Nothing is ignored: what is not understood is an error, whose
/// message says which word and what is possible.
/// </summary>
public sealed class UserSearch(TimeProvider clock)
{
    /// <summary>In characters.</summary>
    public const int MaxLength = 500;

    private const int MaxWords = 20;

    /// <summary>Reads a search.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="scope">The application.</param>
    public Result<UserListQuery> Parse(string text, UserSearchScope scope)
    {
        if (text.Length > MaxLength || !Field.IsStorable(text))
        {
            return Refuse(
                text.Length > MaxLength
                    ? $"A search can have at most {MaxLength} characters."
                    : "The search has a character that no text can contain."
            );
        }

        if (SearchWords.Split(text).Failed(out var words, out var unclosed))
        {
            return unclosed;
        }

        return words.Count > MaxWords ? Refuse($"A search can have at most {MaxWords} words.") : Read(words, scope);
    }

    private Result<UserListQuery> Read(IReadOnlyList<SearchWord> words, UserSearchScope scope)
    {
        var query = new UserListQuery
        {
            Anonymous = scope.Anonymous || words.Any(IsAnonymousOrigin),
            MaxLoginAttempts = scope.Settings.MaxLoginAttempts,
            CountsPasskeysAsFactor = scope.Settings.CountsPasskeysAsFactor,
        };
        var operators = new UserSearchOperators(scope with { Anonymous = query.Anonymous }, clock.GetUtcNow());
        foreach (var word in words.Where(word => !IsAnonymousOrigin(word)))
        {
            if (word.Operator is null && query.Search.Length == 0 && IsPlainText(word))
            {
                query = AddText(query, word.Value.Text);
            }
            else if (operators.Read(word).Failed(out var condition, out var refused))
            {
                return refused;
            }
            else if (UserSearchOperators.FindContradiction(query.Conditions, condition) is { } contradiction)
            {
                return Refuse($"{word.Typed}: {contradiction}");
            }
            else
            {
                query = query with { Conditions = [.. query.Conditions, condition] };
            }
        }

        return query with
        {
            Sort = DefaultSort(query),
        };
    }

    private static bool IsPlainText(SearchWord word) => !word.IsNegated && !word.Value.HasWildcards && word.Value.Text.Trim().Length > 0;

    /// <summary>Text in the form of an id is only looked up as an id.</summary>
    private static UserListQuery AddText(UserListQuery query, string text) =>
        Guid.TryParseExact(text.Trim(), "D", out _)
            ? query with
            {
                Conditions = [.. query.Conditions, new UserCondition.Id(text.Trim().ToLowerInvariant())],
            }
            : query with
            {
                Search = Handle.Normalise(text),
            };

    private static bool IsAnonymousOrigin(SearchWord word) =>
        word is { IsNegated: false, Operator: UserSearchOperators.Source, Value.Text: UserOrigin.Anonymous };

    private static UserSort DefaultSort(UserListQuery query) =>
        query.Conditions.Any(one => one is UserCondition.LastLogin { IsNegated: false }) ? UserSort.LastLogin
        : query is { Search.Length: > 0, Anonymous: false } ? UserSort.Relevance
        : UserSort.Created;

    private static Error Refuse(string message) => ErrorCodes.InvalidData with { Message = message };
}
