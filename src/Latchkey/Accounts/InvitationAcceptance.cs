using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Members;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Accounts;

/// <summary>Accepts invitations, with an existing or a new account. Links are single-use.</summary>
public sealed class InvitationAcceptance(
    Database database,
    DeveloperInvitationStore store,
    DeveloperStore developers,
    MemberStore members,
    DeveloperAccounts accounts,
    PortalSignUp signUp,
    AuditStore audit,
    TimeProvider clock
)
{
    private static readonly Error WrongEmail = ErrorCodes.InvalidToken with { Message = "This invitation is for another address." };
    private static readonly Error Closed = ErrorCodes.SignupDisabled with
    {
        Message = "You cannot create an account here. Ask the operator of this installation for an invitation.",
    };

    /// <summary>The invitation of a link; null when it is used, replaced, revoked or expired.</summary>
    public async Task<OpenInvitation?> Find(string token)
    {
        if (await database.Read(db => store.Find(db, Secrets.Hash(token), clock.Now())) is not { } invitation)
        {
            return null;
        }

        var hasAccount = await database.Read(db => developers.FindByEmail(db, invitation.Email)) is not null;
        return new OpenInvitation(invitation, hasAccount, invitation.AppId is null || await signUp.GetMode() != SignUpMode.Closed);
    }

    /// <summary>Accepts with the signed-in account of the address. An existing member keeps the present role.</summary>
    public async Task<Result<Done>> Accept(string token, Developer developer, ClientAddress client)
    {
        if (await Find(token) is not { } open)
        {
            return AccountValidator.InvalidLink;
        }

        return Handle.KeyOf(open.Invitation.Email) != Handle.KeyOf(developer.Email)
            ? WrongEmail
            : await database.Write(async db =>
            {
                if (!await store.TryConsume(db, open.Invitation.TokenHash, developer.Email, clock.Now()))
                {
                    return (Result<Done>)AccountValidator.InvalidLink;
                }

                await Join(db, open.Invitation, developer, client);
                return default(Done);
            });
    }

    /// <summary>
    /// Accepts with a new account, whose address is verified by the link. 613 when the link is invalid, used or expired; 407 when new
    /// accounts are not allowed.
    /// </summary>
    public async Task<Result<Developer>> CreateAccount(string token, string name, string password, ClientAddress client)
    {
        if (await Find(token) is not { } open)
        {
            return AccountValidator.InvalidLink;
        }

        return !open.CanJoin
            ? Closed
            : await accounts.Create(
                name,
                open.Invitation.Email,
                password,
                Role.Developer,
                new Actor("invitation", client.Address),
                async (db, developer) =>
                    await store.TryConsume(db, open.Invitation.TokenHash, developer.Email, clock.Now())
                        ? default(Done)
                        : AccountValidator.InvalidLink,
                (db, developer) => Join(db, open.Invitation, developer, client)
            );
    }

    private async Task Join(DbConnection db, DeveloperInvitation invitation, Developer developer, ClientAddress client)
    {
        if (
            invitation is { AppId: { } appId, Role: var role and not Role.None }
            && await members.Add(db, appId, developer.Id, role, clock.Now())
        )
        {
            await audit.Add(
                db,
                new AuditEntry(appId, MemberActions.AcceptInvitation, developer.Email, new Actor(developer.Email, client.Address))
                {
                    Detail = $"{role.ToName()}, invited by {invitation.InvitedBy}",
                }
            );
        }
    }
}
