using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Applications.Members;
using Latchkey.Applications.Status;
using Latchkey.Messages.Templates;

namespace Latchkey.Accounts;

/// <summary>Mails about suspensions, blocks and petitions: to the application's owners and editors, or to the operators.</summary>
public sealed class StatusMailer(MemberStore members, DeveloperStore developers, PortalMailer mails) : IStatusNotifier
{
    public Task SuspensionChanged(DbConnection db, ApplicationRow row, string reason) =>
        SendToMembers(
            db,
            row,
            ApplicationStatusRules.IsSuspendedOrBlocked(row.Status)
                ? PortalMailKind.ApplicationSuspended
                : PortalMailKind.ApplicationReinstated,
            reason
        );

    public Task PetitionDeclined(DbConnection db, ApplicationRow row, string reason) =>
        SendToMembers(db, row, PortalMailKind.PetitionDeclined, reason);

    public async Task PetitionSubmitted(DbConnection db, ApplicationRow row, Petition petition)
    {
        var values = new PortalMailValues(
            ActorName: petition.Petitioner,
            Application: row.Name,
            Link: $"/portal/operator/applications/{row.Id}/petitions/{petition.Id}",
            Status: row.Status,
            Text: petition.Words
        );
        foreach (var email in await developers.ListOperatorEmails(db))
        {
            await mails.Enqueue(db, email, PortalMailKind.Petition, values);
        }
    }

    private async Task SendToMembers(DbConnection db, ApplicationRow row, string kind, string words)
    {
        var values = new PortalMailValues(
            Application: row.Name,
            Link: $"/portal/applications/{row.Id}/petition",
            Status: row.Status,
            Text: words.Length > 0 ? words : "none given"
        );
        foreach (var member in await members.ListByApplication(db, row.Id))
        {
            if (member is { Status: DeveloperStatus.Active, Role: Role.Owner or Role.Editor })
            {
                await mails.Enqueue(db, member.Email, kind, values);
            }
        }
    }
}
