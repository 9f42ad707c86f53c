namespace Latchkey.Users;

/// <summary>Which users a list shows, and in which order.</summary>
public sealed record UserListQuery
{
    /// <summary>From so many characters on, a search finds parts; before, beginnings.</summary>
    public const int MinSubstringLength = 3;

    /// <summary>Those without an address, or those with one.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Part of a handle or user name; of anonymous users, whose handle is a credential, of the user name only.</summary>
    public string Search { get; init; } = "";

    /// <summary>One user's id, instead of a search.</summary>
    public string Id { get; init; } = "";

    /// <summary>A <see cref="UserStatus"/>; empty for any. So are the two that follow.</summary>
    public string Status { get; init; } = "";

    /// <summary>Of the application: from so many wrong passwords on, a user is locked; 0 for never.</summary>
    public int MaxLoginAttempts { get; init; }

    public string Origin { get; init; } = "";

    public string Provider { get; init; } = "";

    public UserSort Sort { get; init; } = UserSort.Created;

    public bool Descending { get; init; } = true;

    /// <summary>
    /// Whether the search is long enough for parts, counted as people count characters. Trigrams are made of letters and digits, so one
    /// must be among them.
    /// </summary>
    public bool SearchesSubstrings =>
        Search.EnumerateRunes().Take(MinSubstringLength).Count() == MinSubstringLength && Search.Any(char.IsLetterOrDigit);

    public bool IsFiltered => Search.Length + Id.Length + Status.Length + Origin.Length + Provider.Length > 0;
}
