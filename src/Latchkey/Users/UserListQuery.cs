using Latchkey.Users.Search;

namespace Latchkey.Users;

/// <summary>Filter and order of a user list.</summary>
public sealed record UserListQuery
{
    /// <summary>A search of at least this length matches substrings; a shorter one matches prefixes.</summary>
    public const int MinSubstringLength = 3;

    /// <summary>True lists anonymous users; false lists all others.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Part of a handle or user name. For anonymous users, whose handle is a credential, the user name only.</summary>
    public string Search { get; init; } = "";

    /// <summary>What else must hold.</summary>
    public IReadOnlyList<UserCondition> Conditions { get; init; } = [];

    /// <summary>Of the application: from so many wrong passwords on, a user is locked; 0 for never.</summary>
    public int MaxLoginAttempts { get; init; }

    /// <summary>Of the application: whether a passkey is a second factor.</summary>
    public bool CountsPasskeysAsFactor { get; init; }

    public UserSort Sort { get; init; } = UserSort.Created;

    public bool Descending { get; init; } = true;

    /// <summary>
    /// Whether the search is long enough for substrings, in user-perceived characters. A trigram consists of letters and digits, so it must
    /// contain at least one.
    /// </summary>
    public bool SearchesSubstrings =>
        Search.EnumerateRunes().Take(MinSubstringLength).Count() == MinSubstringLength && Search.Any(char.IsLetterOrDigit);

    public bool IsFiltered => Search.Length > 0 || Conditions.Count > 0;
}
