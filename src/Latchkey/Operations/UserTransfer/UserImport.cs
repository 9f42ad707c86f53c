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
/// Brings users in, in two readings of their source: the first checks every row and changes nothing, the second writes batches of
/// transactions. One that was killed half-way is run again: users that are there already are passed over.
/// </summary>
public sealed class UserImport(Database database, UserStore users, UserTransferStore store, UserPlaceStore places, UserUpdate updates, MovedInStore movedIn, ApplicationDirectory directory, AuditStore audit, KeyRing ring, InstallationSettings installation, TimeProvider clock)
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    /// <summary>The first reading: what an import would do.</summary>
    public async Task<ImportPlan> Check(Application application, IUserSource source, ImportOptions options, Action<RefusedRow> refused, Action<ImportSummary, SourceRow> reached)
    {
        var there = await database.Read(db => users.Count(db, application.Id));
        var judgement = Read(application, source, options, wasEmpty: there == 0);
        await judgement.Run(
            batch =>
            {
                batch.Bad.ForEach(refused);
                return Task.CompletedTask;
            },
            row => reached(judgement.Summary, row));
        return new ImportPlan(judgement.Summary, there, judgement.Slowest);
    }

    /// <summary>Why a plan may not be carried out; null when it may.</summary>
    public static Error? Refusal(Application application, ImportPlan plan, ImportOptions options)
    {
        if (application.Row.Erasing.Length > 0)
        {
            return Setting.Invalid("The application's users are being deleted; import when that is done.");
        }

        if (plan.Summary.Bad > 0 && !options.SkipsBad)
        {
            return Setting.Invalid(string.Create(CultureInfo.InvariantCulture, $"{plan.Summary.Bad} of {plan.Summary.Rows} rows are bad, so nothing was imported. Mend them, or leave them out with --skip-bad."));
        }

        return application.Settings.MaxUsers is > 0 and var most && plan.Existing + plan.Summary.Added > most
            ? Setting.Invalid(string.Create(CultureInfo.InvariantCulture, $"The application may have {most} users (maxUsers), has {plan.Existing}, and the file would add {plan.Summary.Added}."))
            : null;
    }

    /// <summary>The second reading: carries a plan out that was not refused.</summary>
    public async Task<ImportSummary> Run(Application application, IUserSource source, ImportPlan plan, ImportOptions options, Action<RefusedRow> refused, Action<ImportSummary, SourceRow> reached)
    {
        await Begin(application, plan, options);
        var judgement = Read(application, source, options, wasEmpty: plan.Existing == 0);
        var (began, late) = (clock.GetTimestamp(), 0L);
        await judgement.Run(
            async batch =>
            {
                batch.Bad.ForEach(refused);
                var lost = await Write(batch, options);
                lost.ForEach(refused);
                late += lost.Count;
                if (clock.GetElapsedTime(began) > Burst)
                {
                    await Task.Delay(database.Dialect.PauseOfBulk, clock);
                    began = clock.GetTimestamp();
                }
            },
            row => reached(judgement.Summary, row));
        var summary = judgement.Summary with { Added = judgement.Summary.Added - late, Bad = judgement.Summary.Bad + late };
        if (summary.Added > 0)
        {
            await database.Write(db => database.Dialect.HasGrown(db, "users"));
        }

        await database.Write(db => audit.Add(db, Entry(application, options, string.Create(CultureInfo.InvariantCulture, $"{options.Source}: {summary.Added} added, {summary.Updated} updated, {summary.Skipped} there already, {summary.Bad} refused"))));
        return summary;
    }

    private Judgement Read(Application application, IUserSource source, ImportOptions options, bool wasEmpty) =>
        new(source, new RowCheck(application, options, installation.HashCaps, clock), options, application, database, store, wasEmpty);

    private async Task Begin(Application application, ImportPlan plan, ImportOptions options)
    {
        await database.Write(async db =>
        {
            var known = await movedIn.SlowestHash(db, application.Id) is { } hash ? PasswordHash.KindOf(hash) : null;
            if (plan.Slowest.Cost > (known ?? HashKind.Today).Cost)
            {
                await movedIn.SetSlowestHash(db, application.Id, plan.Slowest.Decoy);
            }

            await audit.Add(db, Entry(application, options, $"{options.Source}: begun"));
        });
        directory.Forget(application.Id);
    }

    /// <summary>Writes a batch; the rows that somebody else came before with.</summary>
    private Task<List<RefusedRow>> Write(Judged batch, ImportOptions options)
    {
        var now = clock.Now();
        var added = batch.ToAdd.ConvertAll(Sealed);
        return database.Write(async db =>
        {
            var lost = new List<RefusedRow>();
            if (added.Count > 0)
            {
                await places.Forget(db, added[0].AppId);
            }

            if (added.Count > 0 && await store.Add(db, added) < added.Count)
            {
                var there = await store.Ids(db, [.. added.Select(user => user.Id)]);
                lost.AddRange(batch.ToAdd.Where((_, i) => !there.Contains(added[i].Id)).Select(row => new RefusedRow(row.Row, "taken by another user during the import")));
                added = added.FindAll(user => there.Contains(user.Id));
            }

            if (options.OldSessionsUntil is { } until && added.Count > 0)
            {
                await store.AddSessions(db, added, user => OldServer.SessionId(user.Id), now, until);
            }

            foreach (var (row, existing) in batch.ToUpdate)
            {
                await updates.Apply(db, existing, row, Sealed(row with { User = row.User with { Id = existing.Id } }), now);
            }

            return lost;
        });
    }

    private User Sealed(CheckedRow row) =>
        row.TotpSeed is { } seed ? row.User with { TotpSeedSealed = ring.Seal(GoogleTwoFactor.SeedPurpose(row.User.Id), seed) } : row.User;

    private static AuditEntry Entry(Application application, ImportOptions options, string detail) =>
        new(application.Id, "importUsers", "", options.Actor) { Detail = detail };
}

/// <summary>What the first reading found.</summary>
/// <param name="Existing">Users that the application has.</param>
public sealed record ImportPlan(ImportSummary Summary, long Existing, HashKind Slowest);
