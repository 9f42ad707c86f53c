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

    /// <summary>The id of one user, instead of a search.</summary>
    public string Id { get; init; } = "";

    /// <summary>A <see cref="UserStatus"/>; empty for any. The same holds for the next two.</summary>
    public string Status { get; init; } = "";

    /// <summary>Of the application: from so many wrong passwords on, a user is locked; 0 for never.</summary>
    public int MaxLoginAttempts { get; init; }

    public string Origin { get; init; } = "";

    public string Provider { get; init; } = "";

    public UserSort Sort { get; init; } = UserSort.Created;

    public bool Descending { get; init; } = true;

    /// <summary>
    /// Whether the search is long enough for substrings, in user-perceived characters. A trigram consists of letters and digits, so it must
    /// contain at least one.
    /// </summary>
    public bool SearchesSubstrings =>
        Search.EnumerateRunes().Take(MinSubstringLength).Count() == MinSubstringLength && Search.Any(char.IsLetterOrDigit);

    public bool IsFiltered => Search.Length + Id.Length + Status.Length + Origin.Length + Provider.Length > 0;
}
