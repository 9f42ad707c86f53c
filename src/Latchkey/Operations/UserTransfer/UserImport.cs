using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Passwords;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// Imports users in two passes over their source: the first validates every row without changes, the second writes in batches. An
/// interrupted import can be repeated: existing users are skipped.
/// </summary>
public sealed class UserImport(
    Database database,
    UserStore users,
    UserTransferStore store,
    UserQuotaStore places,
    UserUpdate updates,
    LegacyCredentialStore movedIn,
    ApplicationCache applications,
    AuditStore audit,
    KeyRing ring,
    InstallationSettings installation
)
{
    private static readonly TimeSpan MaxBurst = TimeSpan.FromSeconds(1);

    /// <summary>The first pass: what an import would do.</summary>
    public async Task<ImportPlan> Plan(
        Application application,
        IUserSource source,
        ImportOptions options,
        Action<RejectedRow> onRejected,
        Action<ImportSummary, SourceRow> onProgress
    )
    {
        var there = await database.Read(db => users.Count(db, application.Id));
        var judgement = CreateClassifier(application, source, options, wasEmpty: there == 0);
        await judgement.Run(
            batch =>
            {
                batch.Rejected.ForEach(onRejected);
                return Task.CompletedTask;
            },
            row => onProgress(judgement.Summary, row)
        );
        return new ImportPlan(judgement.Summary, there, judgement.Slowest);
    }

    /// <summary>Why a plan cannot be executed; null when it can.</summary>
    public static Error? Validate(Application application, ImportPlan plan, ImportOptions options)
    {
        if (application.Row.Erasing.Length > 0)
        {
            return Setting.Invalid("The application's users are being deleted. Import after that is finished.");
        }

        if (plan.Summary.StoppedAt is { } line)
        {
            return Setting.Invalid(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The file cannot be read from line {line} on, so nothing was imported. It is damaged or cut: export it again."
                )
            );
        }

        if (plan.Summary.Bad > 0 && !options.SkipInvalidRows)
        {
            return Setting.Invalid(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{plan.Summary.Bad} of {plan.Summary.Rows} rows are bad, so nothing was imported. Correct them, or leave "
                        + $"them out with --skip-bad."
                )
            );
        }

        return application.Settings.MaxUsers is > 0 and var maxUsers && plan.Existing + plan.Summary.Added > maxUsers
            ? Setting.Invalid(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The application can have {maxUsers} users (maxUsers). It has {plan.Existing}, and the file would add "
                        + $"{plan.Summary.Added}."
                )
            )
            : null;
    }

    /// <summary>The second pass: executes a valid plan.</summary>
    public async Task<ImportSummary> Execute(
        Application application,
        IUserSource source,
        ImportPlan plan,
        ImportOptions options,
        Action<RejectedRow> onRejected,
        Action<ImportSummary, SourceRow> onProgress
    )
    {
        await Begin(application, plan, options);
        var judgement = CreateClassifier(application, source, options, wasEmpty: plan.Existing == 0);
        var (began, late) = (database.Clock.GetTimestamp(), 0L);
        await judgement.Run(
            async batch =>
            {
                batch.Rejected.ForEach(onRejected);
                var lost = await WriteBatch(batch, options);
                lost.ForEach(onRejected);
                late += lost.Count;
                if (database.Clock.GetElapsedTime(began) > MaxBurst)
                {
                    await Task.Delay(database.Dialect.BulkWritePause, database.Clock);
                    began = database.Clock.GetTimestamp();
                }
            },
            row => onProgress(judgement.Summary, row)
        );
        var summary = judgement.Summary with { Added = judgement.Summary.Added - late, Bad = judgement.Summary.Bad + late };
        if (summary.Added > 0)
        {
            await database.Write(db => database.Dialect.AnalyzeAfterBulkInsert(db, "users"));
        }

        await database.Write(db =>
            audit.Add(
                db,
                Entry(
                    application,
                    options,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{options.Source}: {summary.Added} added, {summary.Updated} updated, {summary.Skipped} there already, "
                            + $"{summary.Bad} refused"
                    )
                )
            )
        );
        return summary;
    }

    private ImportClassifier CreateClassifier(Application application, IUserSource source, ImportOptions options, bool wasEmpty) =>
        new(
            source,
            new RowValidator(application, options, installation.HashCostLimits, database.Clock),
            options,
            application,
            database,
            store,
            wasEmpty
        );

    private async Task Begin(Application application, ImportPlan plan, ImportOptions options)
    {
        await database.Write(async db =>
        {
            var known = await movedIn.SlowestHash(db, application.Id) is { } hash ? PasswordHash.KindOf(hash) : null;
            if (plan.Slowest.Cost > (known ?? HashKind.Current).Cost)
            {
                await movedIn.SetSlowestHash(db, application.Id, plan.Slowest.DummyHash);
            }

            await audit.Add(db, Entry(application, options, $"{options.Source}: begun"));
        });
        applications.Invalidate(application.Id);
    }

    /// <summary>Writes a batch. Returns the rows that conflict with users added meanwhile.</summary>
    private Task<List<RejectedRow>> WriteBatch(ClassifiedBatch batch, ImportOptions options)
    {
        var now = database.Clock.Now();
        var added = batch.ToAdd.ConvertAll(WithEncryptedSeed);
        return database.Write(async db =>
        {
            var lost = new List<RejectedRow>();
            if (added.Count > 0)
            {
                await places.Reset(db, added[0].AppId);
            }

            if (added.Count > 0 && await store.Add(db, added) < added.Count)
            {
                var there = await store.Ids(db, added[0].AppId, [.. added.Select(user => user.Id)]);
                lost.AddRange(
                    batch
                        .ToAdd.Where((_, i) => !there.Contains(added[i].Id))
                        .Select(row => new RejectedRow(row.Row, "taken by another user during the import"))
                );
                added = added.FindAll(user => there.Contains(user.Id));
            }

            var ids = added.Select(user => user.Id).ToHashSet(StringComparer.Ordinal);

            await store.AddIdentities(db, batch.ToAdd.FindAll(row => ids.Contains(row.User.Id)), now);
            if (options.LegacySessionsUntil is { } until && added.Count > 0)
            {
                await store.AddSessions(db, added, user => LegacyServer.SessionId(user.Id), now, until);
            }

            foreach (var (row, existing) in batch.ToUpdate)
            {
                await updates.Apply(db, existing, row, WithEncryptedSeed(row with { User = row.User with { Id = existing.Id } }), now);
            }

            return lost;
        });
    }

    private User WithEncryptedSeed(ValidatedRow row) =>
        row.TotpSeed is { } seed
            ? row.User with
            {
                TotpSeedSealed = ring.Encrypt(GoogleTwoFactor.SeedEncryptionPurpose(row.User.Id), seed),
            }
            : row.User;

    private static AuditEntry Entry(Application application, ImportOptions options, string detail) =>
        new(application.Id, "importUsers", "", options.Actor) { Detail = detail };
}
