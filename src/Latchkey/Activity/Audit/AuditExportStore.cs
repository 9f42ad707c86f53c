using System.Data.Common;
using Dapper;

namespace Latchkey.Activity.Audit;

/// <summary>The table export_chunks: logs that were exported in the background, until they are fetched or too old.</summary>
public sealed class AuditExportStore
{
    /// <summary>The piece written last, without its body; null before the first.</summary>
    public Task<ExportChunk?> Last(DbConnection db, string appId, string jobId) =>
        db.QueryFirstOrDefaultAsync<ExportChunk>(
            "SELECT app_id, job_id, seq, cursor, lines, created_at FROM export_chunks WHERE app_id = @appId AND job_id = @jobId "
                + "ORDER BY seq DESC LIMIT 1",
            new { appId, jobId }
        );

    /// <summary>Adds a piece; nothing when another node has written it.</summary>
    public Task Add(DbConnection db, ExportChunk chunk) =>
        db.ExecuteAsync(
            "INSERT INTO export_chunks (app_id, job_id, seq, cursor, lines, body, created_at) VALUES (@AppId, @JobId, @Seq, @Cursor, "
                + "@Lines, @Body, @CreatedAt) ON CONFLICT (app_id, job_id, seq) DO NOTHING",
            chunk
        );

    /// <summary>The gzipped CSV of a piece; null after the last.</summary>
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
