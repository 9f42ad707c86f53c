using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Applications.Status;

/// <summary>
/// Requests of developers to reinstate a suspended or blocked application, and the operator's answers. Both are kept on record.
/// </summary>
public sealed class Petitions(
    Database database,
    PetitionStore store,
    ApplicationStore applications,
    StatusStore statuses,
    ApplicationStatusRules rules,
    IStatusNotifier notifier,
    ApplicationCache cache,
    AuditStore audit,
    TimeProvider clock
)
{
    public const int MaxTextLength = 2000;

    /// <summary>Opens a petition: one at a time, and only while the application is suspended or blocked.</summary>
    public async Task<Result<Petition>> Submit(string appId, string words, ChangeContext by)
    {
        if (ApplicationStatusRules.ParseText(words, MaxTextLength).Failed(out var said, out var refused))
        {
            return refused;
        }

        if (said.Length == 0)
        {
            return Setting.Invalid("Explain why the application should be reinstated.");
        }

        return await database.Write<Result<Petition>>(async db =>
        {
            if (await applications.FindForUpdate(db, appId) is not { } row)
            {
                return ErrorCodes.AppNoLongerExists;
            }

            if (!ApplicationStatusRules.IsSuspendedOrBlocked(row.Status))
            {
                return Setting.Invalid($"The application is {row.Status}; there is nothing to reinstate.");
            }

            var petition = new Petition
            {
                Id = Ids.New(clock),
                AppId = appId,
                Petitioner = by.Name,
                Against = row.Status,
                Reason = (await statuses.Newest(db, appId))?.Reason ?? "",
                Words = said,
                CreatedAt = clock.Now(),
            };
            if (!await store.Insert(db, petition))
            {
                return Setting.Invalid("There is already an open petition. Wait for the operator's answer.");
            }

            await audit.Add(db, new AuditEntry(appId, "petition", "", by.Actor));
            await notifier.PetitionSubmitted(db, row, petition);
            return petition;
        });
    }

    /// <summary>Grants the petition, which activates the application, or declines it, which requires a text.</summary>
    public async Task<Result<Done>> Answer(string appId, string id, bool grants, string words, ChangeContext by)
    {
        if (ApplicationStatusRules.ParseText(words, ApplicationStatusRules.MaxReasonLength).Failed(out var said, out var refused))
        {
            return refused;
        }

        if (!grants && said.Length == 0)
        {
            return Setting.Invalid("Enter a reason. The developer sees it.");
        }

        if (await Find(appId, id) is not { } petition)
        {
            return NoLongerOpen;
        }

        var answered = await database.Write<Result<Done>>(async db =>
        {
            if (
                await applications.FindForUpdate(db, petition.AppId) is not { } row
                || !await store.Answer(db, row.Id, id, grants ? PetitionState.Granted : PetitionState.Declined, said, by.Name, clock.Now())
            )
            {
                return NoLongerOpen;
            }

            await audit.Add(
                db,
                new AuditEntry(row.Id, "answerPetition", "", by.Actor) { Detail = grants ? PetitionState.Granted : PetitionState.Declined }
            );
            if (grants)
            {
                return await Reinstate(db, row, said, by);
            }

            await notifier.PetitionDeclined(db, row, said);
            return default(Done);
        });
        cache.Invalidate(petition.AppId);
        return answered;
    }

    public Task<Petition?> Find(string appId, string id) =>
        Field.IsStorable(appId) && Field.IsStorable(id) ? database.Read(db => store.Find(db, appId, id)) : Task.FromResult<Petition?>(null);

    /// <summary>An application's petitions, newest first.</summary>
    public Task<IReadOnlyList<Petition>> ListByApplication(string appId) => database.Read(db => store.ListByApplication(db, appId));

    /// <summary>Open petitions, oldest first.</summary>
    public Task<IReadOnlyList<Petition>> ListOpen() => database.Read(store.ListOpen);

    /// <summary>One page of answered petitions, newest first, and whether there is a next one.</summary>
    public async Task<(IReadOnlyList<Petition> Petitions, bool More)> ListAnswered(int page, int size)
    {
        var found = await database.Read(db => store.ListAnswered(db, page * size, size));
        return ([.. found.Take(size)], found.Count > size);
    }

    private static Error NoLongerOpen => Setting.Invalid("This petition is no longer open.");

    private async Task<Result<Done>> Reinstate(System.Data.Common.DbConnection db, ApplicationRow row, string words, ChangeContext by)
    {
        if ((await rules.Set(db, row, ApplicationStatus.Active, words, by)).Failed(out var next, out var refused))
        {
            return refused;
        }

        await applications.Update(db, next with { Revision = row.Revision + 1, UpdatedAt = clock.Now() });
        return default(Done);
    }
}
