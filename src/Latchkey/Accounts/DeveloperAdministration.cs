using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Members;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Accounts;

/// <summary>Administration of accounts by operators. At least one operator who can sign in always remains.</summary>
public sealed class DeveloperAdministration(
    Database database,
    DeveloperStore developers,
    PortalSessionStore sessions,
    MemberStore members,
    DeveloperInvitationStore invitations,
    PortalAuthenticator authenticator,
    MessageOutbox outbox,
    InstallationLogStore installationLog,
    InstallationLog log
)
{
    private static readonly Error NoSuchDeveloper = ErrorCodes.AccountNotFound with { Message = "This account no longer exists." };
    private static readonly Error LastOperator = ErrorCodes.InvalidData with
    {
        Message = "This is the only operator who can sign in. Make someone else an operator first.",
    };
    private static readonly Error OwnAccount = ErrorCodes.InvalidData with
    {
        Message = "This is your own account. Another operator can do this.",
    };
    private static readonly Error SoleOwner = ErrorCodes.InvalidData with
    {
        Message = "Some applications would be left without an owner who can sign in. Give each another owner first, or delete it.",
    };

    /// <summary>One page of accounts, sorted by address, and the start of the next page (null on the last).</summary>
    public async Task<(IReadOnlyList<DeveloperSummary> Page, string? Next)> List(string search, string after, int size)
    {
        var rows = await database.Read(db => developers.List(db, search, after, size + 1));
        return rows.Count > size ? ([.. rows.Take(size)], rows[size - 1].Email) : (rows, null);
    }

    public Task<long> Count(string search) => database.Read(db => developers.Count(db, search));

    public Task<Developer?> Find(string id) => database.Read(db => developers.Find(db, id));

    /// <summary>The applications that the developer is a member of.</summary>
    public Task<IReadOnlyList<Membership>> Applications(string developerId) =>
        database.Read(db => members.ListByDeveloper(db, developerId));

    /// <summary>Whether the developer is a member of any application.</summary>
    public Task<bool> IsMember(string developerId) => database.Read(db => members.IsMemberOfAny(db, developerId));

    /// <summary>
    /// Suspends the account, ends its sessions and revokes the invitations it sent. Not allowed for oneself and the last operator. The only
    /// owner of an application may be suspended, because abusers mostly are; operators manage the application meanwhile.
    /// </summary>
    public Task<Result<Done>> Suspend(string id, Actor actor) =>
        Change(
            id,
            "suspendDeveloper",
            "suspended",
            actor,
            async (db, developer) =>
            {
                if (await ValidateRemoval(db, developer, actor) is { } refused)
                {
                    return refused;
                }

                await developers.SetStatus(db, id, DeveloperStatus.Suspended);
                await sessions.EndAll(db, id);
                await invitations.RevokeAllBy(db, developer);
                return default(Done);
            }
        );

    public Task<Result<Done>> Activate(string id, Actor actor) =>
        Change(
            id,
            "activateDeveloper",
            "activated",
            actor,
            async (db, _) =>
            {
                await developers.SetStatus(db, id, DeveloperStatus.Active);
                return default(Done);
            }
        );

    public Task<Result<Done>> MakeOperator(string id, Actor actor) =>
        Change(
            id,
            "makeOperator",
            "made an operator",
            actor,
            async (db, _) =>
            {
                await developers.SetRole(db, id, Role.Operator);
                return default(Done);
            }
        );

    /// <summary>
    /// Revokes the operator role; keeps memberships and invitations to owned applications. Not allowed for the last operator.
    /// </summary>
    public Task<Result<Done>> RevokeOperator(string id, Actor actor) =>
        Change(
            id,
            "revokeOperator",
            "no longer an operator",
            actor,
            async (db, developer) =>
            {
                if (developer.IsOperator && !await developers.HasAnotherOperator(db, id))
                {
                    return LastOperator;
                }

                await developers.SetRole(db, id, Role.Developer);
                await invitations.RevokeByOperator(db, developer);
                return default(Done);
            }
        );

    /// <summary>Removes the second factor of someone who lost it, and notifies them by mail.</summary>
    public Task<Result<Done>> ResetSecondFactor(string id, Actor actor) =>
        Change(
            id,
            "resetSecondFactor",
            "second factor reset",
            actor,
            async (db, developer) =>
            {
                await authenticator.Reset(db, developer, actor);
                return default(Done);
            }
        );

    /// <summary>As <see cref="ResetSecondFactor"/>, by address, for the command line. 602 when the account has none.</summary>
    public async Task<Result<Done>> ResetSecondFactorByEmail(string email, Actor actor) =>
        await database.Read(db => developers.FindByEmail(db, Handle.Normalise(email))) switch
        {
            null => NoSuchDeveloper with { Message = "There is no account with this address." },
            { HasSecondFactor: false } => ErrorCodes.InvalidData with { Message = "This account has no second factor." },
            var developer => await ResetSecondFactor(developer.Id, actor),
        };

    /// <summary>
    /// Deletes an account with its memberships and the invitations it sent. Not allowed for oneself, the last operator, and the last owner
    /// of an application who can sign in.
    /// </summary>
    public Task<Result<Done>> Delete(string id, Actor actor) =>
        Change(
            id,
            "deleteDeveloper",
            "deleted",
            actor,
            async (db, developer) =>
            {
                if (await ValidateRemoval(db, developer, actor) is { } refused)
                {
                    return refused;
                }

                await members.LockOwnedApplications(db, id);
                if ((await members.ListByDeveloper(db, id)).Any(membership => membership.IsOnlyOwner))
                {
                    return SoleOwner;
                }

                await invitations.RevokeAllBy(db, developer);
                await installationLog.Anonymize(db, id);
                await developers.Delete(db, id);
                return default(Done);
            }
        );

    private async Task<Error?> ValidateRemoval(DbConnection db, Developer developer, Actor actor) =>
        developer.Email == actor.Name ? OwnAccount
        : developer.IsOperator && !await developers.HasAnotherOperator(db, developer.Id) ? LastOperator
        : null;

    private async Task<Result<Done>> Change(
        string id,
        string action,
        string what,
        Actor actor,
        Func<DbConnection, Developer, Task<Result<Done>>> change
    )
    {
        var changed = await log.Write<Done>(
            InstallationEntry.By(actor, action, what, id),
            async db => await developers.FindForUpdate(db, id) is { } developer ? await change(db, developer) : NoSuchDeveloper
        );
        if (changed.Succeeded)
        {
            outbox.Wake();
        }

        return changed;
    }
}
