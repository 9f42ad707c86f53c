using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Passwords;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Rows of one batch, told apart by what is to be done with them.</summary>
public sealed record Judged
{
    public List<CheckedRow> ToAdd { get; } = [];

    /// <summary>Rows with the users that are to take them over.</summary>
    public List<(CheckedRow Row, User Existing)> ToUpdate { get; } = [];

    public List<RefusedRow> Bad { get; } = [];

    public long Skipped { get; set; }
}

/// <summary>
/// One reading of a source: rows are checked by several threads, then held against the rows before them and the users that are there.
/// Reading it twice judges the same, unless users came in between.
/// </summary>
public sealed class Judgement(IUserSource source, RowCheck check, ImportOptions options, Application application, Database database, UserTransferStore store, bool wasEmpty)
{
    private const int BatchSize = 4000;
    private readonly SeenKeys seen = new();
    private readonly Dictionary<string, long> undefinedPaths = new(StringComparer.Ordinal);
    private readonly HashSet<string> definedPaths = [.. application.Settings.MetaData.Concat(application.Settings.MetaDataInvite).Select(field => field.Path)];

    /// <summary>The slowest kind of hash so far.</summary>
    public HashKind Slowest { get; private set; } = HashKind.Today;

    public ImportSummary Summary { get; private set; } = new();

    /// <summary>Judges all rows; the next batch is read while the last one is being dealt with.</summary>
    public async Task<ImportSummary> Run(Func<Judged, Task> deal, Action<SourceRow> reached)
    {
        using var rows = source.Rows().GetEnumerator();
        var next = Task.Run(() => Read(rows));
        while (await next is { Count: > 0 } batch)
        {
            next = Task.Run(() => Read(rows));
            var judged = await Judge(batch);
            await deal(judged);
            Summary = Summary with
            {
                Rows = Summary.Rows + batch.Count,
                Added = Summary.Added + judged.ToAdd.Count,
                Updated = Summary.Updated + judged.ToUpdate.Count,
                Skipped = Summary.Skipped + judged.Skipped,
                Bad = Summary.Bad + judged.Bad.Count,
                PlainHashes = Summary.PlainHashes + judged.ToAdd.LongCount(row => row.User is { PasswordHash: not null, PasswordPrehashed: false }),
                UndefinedPaths = undefinedPaths,
            };
            reached(batch[^1].Row);
        }

        return Summary;
    }

    private List<CheckedRow> Read(IEnumerator<SourceRow> rows)
    {
        var read = new List<SourceRow>(BatchSize);
        while (read.Count < BatchSize && rows.MoveNext())
        {
            read.Add(rows.Current);
        }

        return [.. read.AsParallel().AsOrdered().Select(row => check.Check(row, source.Parse(row)))];
    }

    private async Task<Judged> Judge(List<CheckedRow> batch)
    {
        var judged = new Judged();
        var fresh = new List<CheckedRow>(batch.Count);
        foreach (var row in batch)
        {
            var problem = row.Problem ?? (seen.Repeats(row.User, row.Values[UserField.Id] is not null) is { } field ? $"{UserFields.Name(field)}: the file has it before" : null);
            if (problem is null)
            {
                fresh.Add(row);
            }
            else
            {
                judged.Bad.Add(new RefusedRow(row.Row, problem));
            }
        }

        var meeting = wasEmpty && seen.IsComplete && !fresh.Exists(row => row.Values[UserField.Id] is not null)
            ? Meeting.Nobody
            : new Meeting(await database.Read(db => store.Meeting(db, application.Id, [.. fresh.Select(row => row.User)])));
        fresh.ForEach(row => Sort(row, meeting, judged));
        return judged;
    }

    private void Sort(CheckedRow row, Meeting meeting, Judged judged)
    {
        var existing = meeting.ByHandle(row.User);
        if (existing is not null && options.OnConflict == OnConflict.Skip)
        {
            judged.Skipped++;
        }
        else if (existing is not null && options.OnConflict == OnConflict.Fail)
        {
            judged.Bad.Add(new RefusedRow(row.Row, "handle: the application has this user"));
        }
        else if (meeting.Clash(row.User, existing, row.Values[UserField.Id] is not null) is { } clash)
        {
            judged.Bad.Add(new RefusedRow(row.Row, clash));
        }
        else
        {
            Note(row);
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

    private void Note(CheckedRow row)
    {
        Slowest = row.HashKind is { } kind && kind.Cost > Slowest.Cost ? kind : Slowest;
        foreach (var path in row.Values.Metadata.Keys.Concat(row.Values.InviteMetadata.Keys).Where(path => !definedPaths.Contains(path)))
        {
            if (undefinedPaths.Count < 100 || undefinedPaths.ContainsKey(path))
            {
                undefinedPaths[path] = undefinedPaths.GetValueOrDefault(path) + 1;
            }
        }
    }
}
