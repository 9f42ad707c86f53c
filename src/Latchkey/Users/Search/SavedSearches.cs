using System.Data.Common;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Users.Search;

/// <summary>The searches that portal accounts keep, each for itself and one application.</summary>
public sealed class SavedSearches(Database database, SavedSearchStore store, UserSearch language, TimeProvider clock)
{
    /// <summary>Of one account and application.</summary>
    public const int MaxSearches = 20;

    /// <summary>In characters.</summary>
    public const int MaxNameLength = 40;

    private static readonly Error NameTaken = Refuse("You have a search with this name. Choose another name.");

    public Task<IReadOnlyList<SavedSearch>> List(string appId, string developerId) =>
        database.Read(db => store.List(db, appId, developerId));

    /// <summary>Keeps a search; an error when the name is taken or the search is not understood.</summary>
    public async Task<Result<Done>> Add(string appId, string developerId, string name, string query, UserSearchScope scope)
    {
        if (CheckName(name) is { } badName)
        {
            return badName;
        }

        if (query.Trim().Length == 0)
        {
            return Refuse("Type a search first. It is kept under the name.");
        }

        if (language.Parse(query, scope).Error is { } unreadable)
        {
            return unreadable;
        }

        var search = new SavedSearch(Ids.New(clock), name.Trim(), query.Trim());
        return await WithNewName<Done>(async db =>
        {
            if ((await store.List(db, appId, developerId)).Count >= MaxSearches)
            {
                return Refuse($"You have {MaxSearches} searches. Delete one first.");
            }

            await store.Insert(db, appId, developerId, search, clock.Now());
            return default(Done);
        });
    }

    public async Task<Result<Done>> Rename(string appId, string developerId, string id, string name) =>
        CheckName(name) is { } badName
            ? badName
            : await WithNewName<Done>(async db =>
                Field.IsStorable(id) && await store.Rename(db, appId, developerId, id, name.Trim())
                    ? default(Done)
                    : Refuse("This search was deleted meanwhile.")
            );

    public Task Delete(string appId, string developerId, string id) =>
        Field.IsStorable(id) ? database.Write(db => store.Delete(db, appId, developerId, id)) : Task.CompletedTask;

    private async Task<Result<T>> WithNewName<T>(Func<DbConnection, Task<Result<T>>> change)
    {
        try
        {
            return await database.Write(change);
        }
        catch (DbException e) when (database.Dialect.IsUniqueViolation(e, "name"))
        {
            return NameTaken;
        }
    }

    private static Error? CheckName(string name) =>
        name.Trim().Length is >= 1 and <= MaxNameLength && Field.IsStorable(name) && !name.Any(char.IsControl)
            ? null
            : Refuse($"Give the search a name of 1 to {MaxNameLength} characters.");

    private static Error Refuse(string message) => ErrorCodes.InvalidData with { Message = message };
}
