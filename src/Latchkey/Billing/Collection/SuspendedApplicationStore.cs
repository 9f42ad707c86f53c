using System.Data.Common;
using Dapper;
using Latchkey.Applications;

namespace Latchkey.Billing.Collection;

/// <summary>Which applications dunning has suspended: those whose newest status was set by it.</summary>
public sealed class SuspendedApplicationStore
{
    /// <summary>Who set the status, as the history and the log name it.</summary>
    public const string Actor = "billing";

    public async Task<IReadOnlyList<string>> List(DbConnection db) =>
        [
            .. await db.QueryAsync<string>(
                $"""
                SELECT a.id FROM applications a WHERE a.status = '{ApplicationStatus.Suspended}' AND a.erasing = ''
                  AND (SELECT s.actor FROM application_statuses s WHERE s.app_id = a.id ORDER BY s.began_at DESC LIMIT 1) = @Actor
                ORDER BY a.id
                """,
                new { Actor }
            ),
        ];
}
