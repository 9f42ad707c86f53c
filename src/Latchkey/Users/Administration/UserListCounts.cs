using Latchkey.Activity.Usage;
using Latchkey.Data;

namespace Latchkey.Users.Administration;

/// <summary>How many rows each of the portal's lists of users has. No list counts a large table: see <see cref="UserTotal"/>.</summary>
public sealed class UserListCounts(Database database, UserListCountStore store)
{
    public Task<UserListTotals> Get(string appId) => database.Read(db => store.Get(db, appId));
}
