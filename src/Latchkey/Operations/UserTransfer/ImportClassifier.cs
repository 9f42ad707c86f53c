using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Passwords;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// One pass over a source: validates rows on several threads, then compares them with earlier rows and existing users. A second pass
/// gives the same result unless users were added in between.
/// </summary>
public sealed class ImportClassifier(
    IUserSource source,
    RowValidator check,
    ImportOptions options,
    Application application,
    Database database,
    UserTransferStore store,
    bool wasEmpty
)
{
    private const int BatchSize = 4000;
    private const int MaxBatchBytes = 8 * 1024 * 1024;
    private const int MaxTracked = 100;
    private readonly SeenKeys seen = new();
    private readonly Dictionary<string, long> undefinedPaths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImportNote> notes = new(StringComparer.Ordinal);
    private readonly HashSet<string> definedPaths =
    [
        .. application.Settings.MetaData.Concat(application.Settings.MetaDataInvite).Select(field => field.Path),
    ];

    /// <summary>The slowest hash kind so far.</summary>
    public HashKind Slowest { get; private set; } = HashKind.Current;

    public ImportSummary Summary { get; private set; } = new();

    /// <summary>Classifies all rows; reads the next batch while the last one is processed.</summary>
    public async Task<ImportSummary> Run(Func<ClassifiedBatch, Task> processBatch, Action<SourceRow> onProgress)
    {
        using var rows = source.Rows().GetEnumerator();
        var next = Task.Run(() => Read(rows));
        while (await next is { Count: > 0 } batch)
        {
            next = Task.Run(() => Read(rows));
            var judged = await Classify(batch);
            await processBatch(judged);
            Summary = Summary with
            {
                Rows = Summary.Rows + batch.Count,
                Added = Summary.Added + judged.ToAdd.Count,
                Updated = Summary.Updated + judged.ToUpdate.Count,
                Skipped = Summary.Skipped + judged.Skipped,
                Bad = Summary.Bad + judged.Rejected.Count,
                StoppedAt = judged.Rejected.Find(bad => bad.Row.StopsReading)?.Row.Line,
                PlainHashes =
                    Summary.PlainHashes + judged.ToAdd.LongCount(row => row.User is { PasswordHash: not null, PasswordPrehashed: false }),
                UndefinedPaths = undefinedPaths,
                Notes = notes.Values,
            };
            onProgress(batch[^1].Row);
        }

        return Summary;
    }

    private List<ValidatedRow> Read(IEnumerator<SourceRow> rows)
    {
        var read = new List<SourceRow>(BatchSize);
        for (var size = 0; read.Count < BatchSize && size < MaxBatchBytes && rows.MoveNext(); size += rows.Current.Size)
        {
            read.Add(rows.Current);
        }

        return [.. read.AsParallel().AsOrdered().Select(row => check.Validate(row, source.Parse(row)))];
    }

    private async Task<ClassifiedBatch> Classify(List<ValidatedRow> batch)
    {
        var judged = new ClassifiedBatch();
        var fresh = new List<ValidatedRow>(batch.Count);
        foreach (var row in batch)
        {
            var problem =
                row.Problem
                ?? (
                    seen.FindDuplicate(row) is { } field
                        ? $"{UserFields.Name(field)}: the file has it before{SpellingNote(field, row.User.Handle)}"
                        : null
                );
            if (problem is null)
            {
                fresh.Add(row);
            }
            else
            {
                judged.Rejected.Add(new RejectedRow(row.Row, problem));
            }
        }

        var meeting =
            wasEmpty && seen.IsComplete && !fresh.Exists(row => row.Values[UserField.Id] is not null)
                ? ExistingUsers.None
                : await database.Read(db => store.FindExisting(db, application.Id, fresh));
        fresh.ForEach(row => ClassifyRow(row, meeting, judged));
        return judged;
    }

    private void ClassifyRow(ValidatedRow row, ExistingUsers existingUsers, ClassifiedBatch judged)
    {
        var existing = existingUsers.FindByHandle(row.User);
        if (existing is not null && existing.Handle != row.User.Handle)
        {
            judged.Rejected.Add(new RejectedRow(row.Row, $"handle: the application has this address as {existing.Handle}"));
        }
        else if (existing is not null && options.OnConflict == OnConflict.Skip)
        {
            judged.Skipped++;
        }
        else if (existing is not null && options.OnConflict == OnConflict.Fail)
        {
            judged.Rejected.Add(new RejectedRow(row.Row, "handle: the application has this user"));
        }
        else if (existingUsers.FindConflict(row, existing) is { } clash)
        {
            judged.Rejected.Add(new RejectedRow(row.Row, clash));
        }
        else if (existing is not null && UserUpdate.FindExcess(existing, row.Values) is { } excess)
        {
            judged.Rejected.Add(new RejectedRow(row.Row, $"metaData: with what the user has, {excess}"));
        }
        else
        {
            TrackRow(row);
            if (existing is null)
            {
                judged.ToAdd.Add(row);
            }
            else
            {
                judged.ToUpdate.Add((row, existing));
            }
        }
    }

    /// <summary>Names the spellings of an international address, because the other row may have another one.</summary>
    private static string SpellingNote(UserField field, string handle) =>
        field == UserField.Handle && Handle.SpellingsOf(handle) is { Count: > 1 } spellings
            ? $" ({string.Join(" and ", spellings)} are one address)"
            : "";

    private void TrackRow(ValidatedRow row)
    {
        Slowest = row.HashKind is { } kind && kind.Cost > Slowest.Cost ? kind : Slowest;
        foreach (var path in row.Values.Metadata.Keys.Concat(row.Values.InviteMetadata.Keys).Where(path => !definedPaths.Contains(path)))
        {
            if (undefinedPaths.Count < MaxTracked || undefinedPaths.ContainsKey(path))
            {
                undefinedPaths[path] = undefinedPaths.GetValueOrDefault(path) + 1;
            }
        }

        foreach (var text in row.Values.Notes)
        {
            if (notes.Count < MaxTracked || notes.ContainsKey(text))
            {
                var note = notes.GetValueOrDefault(text) ?? new ImportNote(text, Rows: 0, row.Row.Line);
                notes[text] = note with { Rows = note.Rows + 1 };
            }
        }
    }
}
