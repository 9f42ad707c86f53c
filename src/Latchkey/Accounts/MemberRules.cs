using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Members;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Accounts;

/// <summary>The members of an application. Every change is logged. An application with an owner always keeps one who can sign in.</summary>
public sealed class MemberRules(
    Database database,
    MemberStore members,
    ApplicationStore applications,
    DeveloperStore developers,
    DeveloperInvitationStore invitations,
    AuditStore audit,
    TimeProvider clock
)
{
    private static readonly Error NoSuchApplication = ErrorCodes.AppNoLongerExists with
    {
        Message = "There is no application with this id.",
    };
    private static readonly Error NoSuchDeveloper = ErrorCodes.AccountNotFound with { Message = "There is no account with this address." };
    private static readonly Error NoSuchRole = ErrorCodes.InvalidData with { Message = "Choose a role." };
    private static readonly Error NotAMember = ErrorCodes.AccountNotFound with { Message = "This member no longer exists." };
    private static readonly Error LastOwner = ErrorCodes.InvalidData with
    {
        Message = "An application needs an owner who can sign in, and this is the only one. Make someone else an owner first.",
    };

    /// <summary>Owners first, then sorted by address.</summary>
    public Task<IReadOnlyList<Member>> List(string appId) => database.Read(db => members.ListByApplication(db, appId));

    public async Task<Member?> Find(string appId, string developerId) =>
        (await List(appId)).FirstOrDefault(member => member.DeveloperId == developerId);

    /// <summary>Adds a developer as a member, or changes the member's role.</summary>
    public Task<Result<Done>> AddOrUpdate(string appId, string email, Role role, Actor actor) =>
        WithApplicationLocked(
            appId,
            async db =>
                await developers.FindByEmail(db, Handle.Normalise(email)) is { } developer
                    ? await Set(db, appId, developer, role, actor)
                    : NoSuchDeveloper
        );

    /// <summary>Changes a member's role.</summary>
    public Task<Result<Done>> SetRole(string appId, string developerId, Role role, Actor actor) =>
        WithApplicationLocked(
            appId,
            async db =>
                !MemberRoles.All.Contains(role) ? NoSuchRole
                : await FindMember(db, appId, developers.Find(db, developerId)) is { } found
                    ? await Set(db, appId, found.Developer, role, actor)
                : NotAMember
        );

    /// <summary>Removes a member, by account id.</summary>
    public Task<Result<Done>> Remove(string appId, string developerId, Actor actor) =>
        WithApplicationLocked(
            appId,
            async db =>
                await FindMember(db, appId, developers.Find(db, developerId)) is { } found
                    ? await Remove(db, appId, found.Developer, found.Role, actor)
                    : NotAMember
        );

    /// <summary>As <see cref="Remove(string, string, Actor)"/>, by address.</summary>
    public Task<Result<Done>> RemoveByEmail(string appId, string email, Actor actor) =>
        WithApplicationLocked(
            appId,
            async db =>
                await FindMember(db, appId, developers.FindByEmail(db, Handle.Normalise(email))) is { } found
                    ? await Remove(db, appId, found.Developer, found.Role, actor)
                    : NotAMember
        );

    private async Task<(Developer Developer, Role Role)?> FindMember(DbConnection db, string appId, Task<Developer?> look) =>
        await look is { } developer && await members.Role(db, appId, developer.Id) is var role and not Role.None ? (developer, role) : null;

    private async Task<Result<Done>> Set(DbConnection db, string appId, Developer developer, Role role, Actor actor)
    {
        var was = await members.Role(db, appId, developer.Id);
        if (was == Role.Owner && role != Role.Owner && !await members.HasAnotherOwner(db, appId, developer.Id))
        {
            return LastOwner;
        }

        await members.Set(db, appId, developer.Id, role, clock.Now());
        if (role != Role.Owner)
        {
            await invitations.RevokeBy(db, appId, developer);
        }

        await Log(
            db,
            appId,
            was == Role.None ? MemberActions.Add : MemberActions.ChangeRole,
            developer,
            actor,
            was == Role.None ? role.ToName() : $"{was.ToName()} → {role.ToName()}"
        );
        return default(Done);
    }

    private async Task<Result<Done>> Remove(DbConnection db, string appId, Developer developer, Role role, Actor actor)
    {
        if (role == Role.Owner && !await members.HasAnotherOwner(db, appId, developer.Id))
        {
            return LastOwner;
        }

        await members.Remove(db, appId, developer.Id);
        await invitations.RevokeBy(db, appId, developer);
        await Log(db, appId, actor.Name == developer.Email ? MemberActions.Leave : MemberActions.Remove, developer, actor, role.ToName());
        return default(Done);
    }

    /// <summary>Locks the application's row, so that two owners cannot leave concurrently.</summary>
    private Task<Result<Done>> WithApplicationLocked(string appId, Func<DbConnection, Task<Result<Done>>> change) =>
        database.Write(async db => await applications.FindForUpdate(db, appId) is null ? NoSuchApplication : await change(db));

    private Task Log(DbConnection db, string appId, string action, Developer developer, Actor actor, string detail) =>
        audit.Add(db, new AuditEntry(appId, action, developer.Email, actor) { Detail = detail });
}
