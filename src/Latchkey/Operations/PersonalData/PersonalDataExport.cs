using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Storage;

namespace Latchkey.Operations.PersonalData;

/// <summary>
/// Everything that is kept about a user, as one JSON document for the user: profile and metadata, factors, passkeys, sessions, identities,
/// consents, files and log lines. No secret is in it: no hash, key, seed, token or code.
/// </summary>
public sealed class PersonalDataExport(
    Database database,
    PersonalDataSource source,
    AuditLog log,
    AssetStore assets,
    StepUp stepUp,
    RateLimits limits,
    AuditStore audit,
    TimeProvider clock
)
{
    public const string Action = "downloadData";
    private const int PageSize = 500;

    /// <summary>
    /// Lets a user download their data, and logs it. 710 without a proof in the last 15 minutes, 700 after too many.
    /// </summary>
    public async Task<Result<Done>> Allow(UserCaller caller)
    {
        var (appId, user) = (caller.Application.Id, caller.User);
        var request = new RateLimitRequest(DefaultLimits.DataDownloads, user.Id);
        if ((stepUp.FindMissingProof(caller) ?? await limits.TryAcquire(appId, request)) is { } refused)
        {
            return refused;
        }

        await database.Write(db => audit.Add(db, new AuditEntry(appId, Action, user.Handle, caller.Client.Address)));
        return default(Done);
    }

    /// <summary>Writes the document. A large one is written a page at a time.</summary>
    public async Task Write(UserCaller caller, Stream output, CancellationToken stop)
    {
        var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        await using (json.ConfigureAwait(false))
        {
            json.WriteStartObject();
            json.WriteString("application", caller.Application.Name);
            json.WriteString("writtenAt", WireDate.Format(clock.Now()));
            await source.Write(json, caller, clock.Now());
            await WriteFiles(json, caller, stop);
            await WriteLog(json, caller, stop);
            json.WriteEndObject();
            await json.FlushAsync(stop);
        }
    }

    private async Task WriteFiles(Utf8JsonWriter json, UserCaller caller, CancellationToken stop)
    {
        json.WriteStartArray("files");
        var (appId, userId) = (caller.Application.Id, caller.User.Id);
        for (IReadOnlyList<Asset> page = []; ; )
        {
            var before = page.Count == 0 ? null : page[^1].Id;
            page = await database.Read(db => assets.List(db, appId, userId, before, PageSize));
            foreach (var asset in page)
            {
                json.WriteStartObject();
                json.WriteString("path", asset.Path);
                json.WriteString("contentType", asset.ContentType);
                json.WriteNumber("size", asset.Size);
                json.WriteString("caption", asset.Caption);
                json.WriteString("createdAt", WireDate.Format(asset.CreatedAt));
                json.WriteEndObject();
            }

            await json.FlushAsync(stop);
            if (page.Count < PageSize)
            {
                break;
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Lines since the user is there: an earlier user of the address was somebody else.</summary>
    private async Task WriteLog(Utf8JsonWriter json, UserCaller caller, CancellationToken stop)
    {
        json.WriteStartArray("log");
        await foreach (var page in log.Pages(caller.Application.Id, new LogFilter { Handle = caller.User.Handle }, LogCursor.Start, stop))
        {
            foreach (var line in page.Where(line => line.At >= caller.User.CreatedAt))
            {
                WriteLine(json, line);
            }

            await json.FlushAsync(stop);
        }

        json.WriteEndArray();
    }

    /// <summary>Who of the application's people did something, and what they noted, is theirs.</summary>
    private static void WriteLine(Utf8JsonWriter json, LogLine line)
    {
        var isOwn = line.Actor == AuditEntry.ByUser;
        json.WriteStartObject();
        json.WriteString("at", WireDate.Format(line.At));
        json.WriteString("action", line.Action);
        json.WriteString("by", isOwn || line.Actor == AuditEntry.ByServer ? line.Actor : "administrator");
        if (line.Code != 0)
        {
            json.WriteString("refused", ErrorCodes.Meaning(line.Code));
        }

        if (isOwn)
        {
            json.WriteString("detail", line.Detail);
            json.WriteString("address", line.Client);
        }

        json.WriteNumber("count", line.Count);
        json.WriteEndObject();
    }
}
