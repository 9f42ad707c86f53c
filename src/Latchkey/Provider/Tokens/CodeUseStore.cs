using System.Data.Common;
using Dapper;
using Latchkey.Data;
using Latchkey.Provider.Authorization;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// Inserts the grant of a code that is used for the first time. For a client of a third party the same statement checks that the user still
/// allows what the code is for: whoever takes the consent back comes before it, or finds the grant.
/// </summary>
public sealed class CodeUseStore(Dialect dialect)
{
    private readonly string allowedSql = SessionGrantStore.InsertFrom(ConsentStore.Covering(dialect));

    /// <summary>False when the code was used before, or the user no longer allows this.</summary>
    public async Task<bool> TryInsert(DbConnection db, CodeUse use) => await db.ExecuteAsync(SqlOf(use), Parameters(use)) == 1;

    /// <summary>As above, in one round trip with the commit.</summary>
    /// <param name="inserted">Called if the grant was inserted.</param>
    public Task TryInsert(DbConnection db, CodeUse use, Action inserted) =>
        db.ExecuteDeferred(
            SqlOf(use),
            Parameters(use),
            rows =>
            {
                if (rows == 1)
                {
                    inserted();
                }
            }
        );

    private string SqlOf(CodeUse use) => use.Client.Settings.FirstParty ? SessionGrantStore.TryInsertSql : allowedSql;

    private static object Parameters(CodeUse use) =>
        use.Client.Settings.FirstParty
            ? use.Grant
            : new
            {
                use.Grant.AppId,
                use.Grant.Id,
                use.Grant.SessionId,
                use.Grant.Client,
                use.Grant.SecretSealed,
                use.Grant.Generation,
                use.Grant.Rotations,
                use.Grant.CreatedAt,
                use.Grant.Scope,
                use.Grant.Resources,
                use.Grant.Claims,
                use.Grant.DpopKey,
                use.Grant.Sid,
                use.Grant.SidSessionId,
                use.Grant.EndedAt,
                use.Grant.ExpiresAt,
                UserId = use.Browser.User.Id,
                AllowedScope = use.Code.Scope,
                AllowedResources = use.Code.Resources,
            };
}
