using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Users;

/// <summary>Lists of the table users: anonymous or not, searched, filtered and sorted.</summary>
public sealed class UserListStore(ListStore lists, Dialect dialect)
{
    private const string Columns =
        "id, handle, handle_key, user_name, anonymous, origin, status, login_provider, failed_logins, failed_codes, created_at, "
        + "last_login_at";
    private const string AllRows = "1 = 1";
    private const string HandleHasPrefix = "handle_key >= @from AND handle_key < @to";
    private const string UserNameHasPrefix = "user_name >= @from AND user_name < @to";
    private const string HandleContains = @"handle LIKE @pattern ESCAPE '\'";
    private const string HandleKeyContains = @"handle_key LIKE @keyPattern ESCAPE '\'";
    private const string UserNameContains = @"user_name LIKE @pattern ESCAPE '\'";

    // Sorted by handle, anonymous users form one block in the middle. Lists of the other users skip it.
    private const string BeforeAnonymous = "handle_key < 'ANON_'";
    private const string AfterAnonymous = "handle_key >= 'ANON`'";

    // The first condition makes SQLite, which has no row estimates, use the intended index.
    private const string HandleSubstringSearch =
        $"app_id = @appId AND handle_key >= '' AND ({BeforeAnonymous} OR {AfterAnonymous}) AND {HandleKeyContains}";

    // The keys hold A-labels, but people search for what they see.
    private const string InternationalSubstringSearch = $"app_id = @appId AND handle <> handle_key AND {HandleContains}";
    private const string UserNameSubstringSearch = $"app_id = @appId AND user_name >= '' AND {UserNameContains}";

    /// <summary>A page with what a list shows, metadata included.</summary>
    public async Task<ListPage<User>> Page(DbConnection db, string appId, UserListQuery query, PageRequest page)
    {
        var found = await PageWithoutMetadata(db, appId, query, page);
        if (found.Rows.Count == 0)
        {
            return found;
        }

        // Apart, because a search collects thousands of rows that no page shows
        var metadata = (
            await db.QueryAsync<(string Id, string Own, string FromInvitation)>(
                $"SELECT id, metadata, invite_metadata FROM users WHERE app_id = @appId AND id {dialect.InArray("ids")}",
                new { appId, ids = found.Rows.Select(user => user.Id).ToArray() }
            )
        ).ToDictionary(row => row.Id, StringComparer.Ordinal);
        return found with
        {
            Rows =
            [
                .. found.Rows.Select(user =>
                    metadata.TryGetValue(user.Id, out var read)
                        ? user with
                        {
                            Metadata = read.Own,
                            InviteMetadata = read.FromInvitation,
                        }
                        : user
                ),
            ],
        };
    }

    private Task<ListPage<User>> PageWithoutMetadata(DbConnection db, string appId, UserListQuery query, PageRequest page)
    {
        var ofKind = query.Anonymous ? "app_id = @appId AND anonymous = TRUE" : "app_id = @appId AND anonymous = FALSE";
        // The sections by handle exclude anonymous users
        var inOrder = query.Sort is UserSort.Handle or UserSort.Relevance ? "app_id = @appId" : ofKind;
        var indexedFilter = IndexedFilter(query);
        return lists.Page<User>(
            db,
            new ListQuery
            {
                Columns = Columns,
                Table = "users",
                Scope = indexedFilter is null ? inOrder : $"{inOrder} AND {indexedFilter}",
                Sections = Sections(query),
                Filter = string.Join(" AND ", Filters(query).Where(filter => filter != indexedFilter)),
                Candidates = Candidates(query, ofKind),
                Values = Values(appId, query),
            },
            page
        );
    }

    /// <summary>The ids of the users with these handles, by handle key. Handles that no user has are left out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindIds(DbConnection db, string appId, IEnumerable<string> handles) =>
        (
            await db.QueryAsync<(string Key, string Id)>(
                $"SELECT handle_key, id FROM users WHERE app_id = @appId AND handle_key {dialect.InArray("keys")}",
                new { appId, keys = handles.Select(Handle.KeyOf).Distinct(StringComparer.Ordinal).ToArray() }
            )
        ).ToDictionary(row => row.Key, row => row.Id, StringComparer.Ordinal);

    /// <summary>The filter that is covered by the same index as the order.</summary>
    private static string? IndexedFilter(UserListQuery query) =>
        query switch
        {
            { Sort: not UserSort.Created } or { Search.Length: > 0 } or { Id.Length: > 0 } => null,
            { Status: UserStatus.Suspended } or { Status: UserStatus.Locked, MaxLoginAttempts: not 1 } => Filters(query).First(),
            _ when HasRareOrigin(query) => HasIndexedOrigin,
            _ => null,
        };

    private static IReadOnlyList<ListSection> Sections(UserListQuery query) =>
        query.Sort switch
        {
            UserSort.LastLogin =>
            [
                new("last_login_at IS NOT NULL", "last_login_at", "id", query.Descending),
                new("last_login_at IS NULL", null, "id", query.Descending),
            ],
            UserSort.Handle when query.Descending =>
            [
                new(AfterAnonymous, null, "handle_key", Descending: true),
                new(BeforeAnonymous, null, "handle_key", Descending: true),
            ],
            UserSort.Handle =>
            [
                new(BeforeAnonymous, null, "handle_key", Descending: false),
                new(AfterAnonymous, null, "handle_key", Descending: false),
            ],
            UserSort.Relevance =>
            [
                new(HandleHasPrefix, null, "handle_key", Descending: false),
                new($"anonymous = FALSE AND NOT ({HandleHasPrefix})", "created_at", "id", Descending: true),
            ],
            _ => [new(AllRows, "created_at", "id", query.Descending)],
        };

    // Must equal the conditions of the partial indexes
    private const string HasIndexedOrigin = "origin = @origin AND origin IN ('invitation', 'portal', 'server', 'cli', 'social')";
    private const string HasIndexedLock = $"(failed_logins > 1 OR {IsLockedByCodes})";
    private const string IsLockedByCodes = "failed_codes >= 50"; // CodeGuessing.ForcesReset

    private static bool HasRareOrigin(UserListQuery query) =>
        query.Origin is UserOrigin.Invitation or UserOrigin.Portal or UserOrigin.Server or UserOrigin.CommandLine or UserOrigin.Social;

    private static string StatusFilter(UserListQuery query) =>
        (query.Status, query.MaxLoginAttempts) switch
        {
            (UserStatus.Suspended, _) => "status = 'suspend'",
            (UserStatus.Locked, 0) => $"{HasIndexedLock} AND {IsLockedByCodes} AND status = 'active'",
            (UserStatus.Locked, 1) => $"(failed_logins >= @maxLoginAttempts OR {IsLockedByCodes}) AND status = 'active'",
            (UserStatus.Locked, _) =>
                $"{HasIndexedLock} AND (failed_logins >= @maxLoginAttempts OR {IsLockedByCodes}) AND status = 'active'",
            (_, 0) => $"status = 'active' AND NOT {IsLockedByCodes}",
            _ => $"status = 'active' AND failed_logins < @maxLoginAttempts AND NOT {IsLockedByCodes}",
        };

    private static IEnumerable<string> Filters(UserListQuery query)
    {
        if (query.Status.Length > 0)
        {
            yield return StatusFilter(query);
        }

        if (query.Origin.Length > 0)
        {
            yield return HasRareOrigin(query) ? HasIndexedOrigin : "origin = @origin";
        }

        if (query.Provider.Length > 0)
        {
            yield return "login_provider = @provider";
        }

        if (query.Id.Length > 0)
        {
            yield return "id = @id";
        }

        if (query.Search.Length > 0)
        {
            yield return (query.Anonymous, query.SearchesSubstrings) switch
            {
                (true, true) => UserNameContains,
                (true, false) => $"({UserNameHasPrefix})",
                (false, true) => $"({HandleContains} OR {HandleKeyContains} OR {UserNameContains})",
                (false, false) => $"(({HandleHasPrefix}) OR ({UserNameHasPrefix}))",
            };
        }
    }

    /// <summary>Selects the ids that may match, by the most selective index; null when there is none.</summary>
    private static string? Candidates(UserListQuery query, string ofKind) =>
        query switch
        {
            { Id.Length: > 0 } => Ids("app_id = @appId AND id = @id"),
            { Search.Length: > 0, SearchesSubstrings: true, Anonymous: true } => Ids(UserNameSubstringSearch),
            { Search.Length: > 0, SearchesSubstrings: true } =>
                $"{Ids(HandleSubstringSearch)} UNION {Ids(InternationalSubstringSearch)} UNION {Ids(UserNameSubstringSearch)}",
            { Search.Length: > 0, Anonymous: true } => Ids($"app_id = @appId AND {UserNameHasPrefix}"),
            { Search.Length: > 0 } =>
                $"{Ids($"app_id = @appId AND {HandleHasPrefix}")} UNION {Ids($"app_id = @appId AND {UserNameHasPrefix}")}",
            { Status: UserStatus.Suspended } => Ids($"{ofKind} AND status = 'suspend'"),
            { Status: UserStatus.Locked, MaxLoginAttempts: not 1 } => Ids($"{ofKind} AND {HasIndexedLock}"),
            { Provider.Length: > 0 } => Ids("app_id = @appId AND login_provider = @provider"),
            _ when HasRareOrigin(query) => Ids($"{ofKind} AND {HasIndexedOrigin}"),
            _ => null,
        };

    /// <summary>Selects ids up to a limit, in a form that both engines accept in a UNION.</summary>
    private static string Ids(string condition) => $"SELECT id FROM (SELECT id FROM users WHERE {condition} LIMIT @limit) one";

    private static Dictionary<string, object?> Values(string appId, UserListQuery query)
    {
        var key = Handle.KeyOf(query.Search);
        var (from, to) = LikePattern.PrefixRange(key);
        return new(StringComparer.Ordinal)
        {
            ["appId"] = appId,
            ["id"] = query.Id,
            ["from"] = from,
            ["to"] = to,
            ["pattern"] = LikePattern.Containing(query.Search),
            ["keyPattern"] = LikePattern.Containing(key),
            ["origin"] = query.Origin,
            ["provider"] = query.Provider,
            ["maxLoginAttempts"] = query.MaxLoginAttempts,
        };
    }
}
