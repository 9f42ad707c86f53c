using System.Data.Common;
using Dapper;

namespace Latchkey.Applications.Status;

/// <summary>The table petitions: at most one open petition per application.</summary>
public sealed class PetitionStore
{
    private const string Columns =
        "p.id, p.app_id, p.petitioner, p.against, p.reason, p.words, p.state, p.answer, p.answered_by, p.created_at, p.answered_at";
    private const string WithName =
        $"SELECT {Columns}, a.name AS app_name FROM petitions p JOIN applications a ON a.id = p.app_id AND a.erasing <> "
        + $"'{DeletionState.Delete}'";

    /// <summary>False when the application has an open one.</summary>
    public async Task<bool> Insert(DbConnection db, Petition petition) =>
        await db.ExecuteAsync(
            """
            INSERT INTO petitions (id, app_id, petitioner, against, reason, words, state, answer, answered_by, created_at)
            VALUES (@Id, @AppId, @Petitioner, @Against, @Reason, @Words, @State, @Answer, @AnsweredBy, @CreatedAt)
            ON CONFLICT (app_id) WHERE state = 'open' DO NOTHING
            """,
            petition
        ) == 1;

    public Task<Petition?> Find(DbConnection db, string appId, string id) =>
        db.QuerySingleOrDefaultAsync<Petition>($"{WithName} WHERE p.app_id = @appId AND p.id = @id", new { appId, id });

    /// <summary>Answers the application's open petition; false when it has none, or a different one than <paramref name="id"/>.</summary>
    public async Task<bool> Answer(DbConnection db, string appId, string? id, string state, string answer, string by, long now) =>
        await db.ExecuteAsync(
            "UPDATE petitions SET state = @state, answer = @answer, answered_by = @by, answered_at = @now WHERE app_id = @appId "
                + "AND state = 'open' AND (@id IS NULL OR id = @id)",
            new
            {
                appId,
                id,
                state,
                answer,
                by,
                now,
            }
        ) == 1;

    /// <summary>An application's petitions, newest first.</summary>
    public async Task<IReadOnlyList<Petition>> ListByApplication(DbConnection db, string appId) =>
        [
            .. await db.QueryAsync<Petition>(
                $"SELECT {Columns} FROM petitions p WHERE p.app_id = @appId ORDER BY p.created_at DESC, p.id DESC",
                new { appId }
            ),
        ];

    /// <summary>Open petitions of all applications, oldest first.</summary>
    public async Task<IReadOnlyList<Petition>> ListOpen(DbConnection db) =>
        [.. await db.QueryAsync<Petition>($"{WithName} WHERE p.state = 'open' ORDER BY p.created_at, p.id")];

    /// <summary>
    /// Answered petitions of all applications, latest answer first. Returns <paramref name="size"/> + 1 rows when there is a next page.
    /// </summary>
    public async Task<IReadOnlyList<Petition>> ListAnswered(DbConnection db, int skip, int size) =>
        [
            .. await db.QueryAsync<Petition>(
                $"{WithName} WHERE p.answered_at IS NOT NULL ORDER BY p.answered_at DESC, p.id DESC LIMIT @limit OFFSET @skip",
                new { skip, limit = size + 1 }
            ),
        ];
}
