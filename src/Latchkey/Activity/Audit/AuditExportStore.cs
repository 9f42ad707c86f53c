using System.Data.Common;
using Dapper;

namespace Latchkey.Activity.Audit;

/// <summary>The table export_chunks: exported logs, until they are downloaded or expire.</summary>
public sealed class AuditExportStore
{
    /// <summary>The last chunk without its body; null when there is none.</summary>
    public Task<ExportChunk?> Last(DbConnection db, string appId, string jobId) =>
        db.QueryFirstOrDefaultAsync<ExportChunk>(
            "SELECT app_id, job_id, seq, cursor, lines, created_at FROM export_chunks WHERE app_id = @appId AND job_id = @jobId "
                + "ORDER BY seq DESC LIMIT 1",
            new { appId, jobId }
        );

    /// <summary>Adds a chunk; does nothing when another node has written it.</summary>
    public Task Add(DbConnection db, ExportChunk chunk) =>
        db.ExecuteAsync(
            "INSERT INTO export_chunks (app_id, job_id, seq, cursor, lines, body, created_at) VALUES (@AppId, @JobId, @Seq, @Cursor, "
                + "@Lines, @Body, @CreatedAt) ON CONFLICT (app_id, job_id, seq) DO NOTHING",
            chunk
        );

    /// <summary>The gzipped CSV of a chunk; null after the last.</summary>
    public Task<byte[]?> Body(DbConnection db, string appId, string jobId, int seq) =>
        db.QuerySingleOrDefaultAsync<byte[]>(
            "SELECT body FROM export_chunks WHERE app_id = @appId AND job_id = @jobId AND seq = @seq",
            new
            {
                appId,
                jobId,
                seq,
            }
        );

    public Task<int> RemoveOlder(DbConnection db, long before) =>
        db.ExecuteAsync("DELETE FROM export_chunks WHERE created_at < @before", new { before });
}
