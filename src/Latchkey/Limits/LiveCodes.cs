using System.Data.Common;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>
/// Limits the active codes of one handle and purpose, because an attempt is compared with all of them. One requester (a network, or for
/// invitations the inviter) has at most three: a newer one ends its oldest.
/// </summary>
/// <param name="table">The table of the codes.</param>
/// <param name="live">The SQL condition of the handle's active codes.</param>
/// <param name="requester">The column or SQL expression of who requested a code.</param>
/// <param name="ended">The SQL assignment that ends a code.</param>
public sealed class LiveCodes(string table, string live, string requester, string ended)
{
    private const int PerRequester = 3;
    private const int InAll = 10;

    /// <summary>With more, there is no room whatever is ended.</summary>
    private const int MaxOfOthers = InAll - PerRequester;

    private readonly string endOldest = $"""
        UPDATE {table} SET {ended} WHERE {live} AND {requester} = @requester
          AND id NOT IN (SELECT id FROM {table} WHERE {live} AND {requester} = @requester
            ORDER BY created_at DESC, id DESC LIMIT {PerRequester - 1})
          AND (SELECT COUNT(*) FROM {table} WHERE {live} AND {requester} <> @requester) <= {MaxOfOthers}
        RETURNING 1
        """;

    private readonly string count = $"SELECT COUNT(*) FROM {table} WHERE {live}";
    private readonly string firstEnd = $"SELECT MIN(expires_at) FROM {table} WHERE {live}";

    /// <summary>
    /// Makes room for another code: ends the requester's oldest ones if there are three. 700 if the handle then still has too many.
    /// </summary>
    /// <param name="db">The transaction that stores the new code.</param>
    /// <param name="parameters">Those of the conditions, among them <c>@requester</c>.</param>
    /// <param name="now">The time in unix milliseconds.</param>
    public async Task<Error?> MakeRoom(DbConnection db, object parameters, long now)
    {
        var counts = await db.QueryNumbers((endOldest, parameters), (count, parameters), (firstEnd, parameters));
        return counts[1] < InAll ? null : RateLimits.Refusal("live codes of one handle", (counts[2] ?? now) - now);
    }
}
