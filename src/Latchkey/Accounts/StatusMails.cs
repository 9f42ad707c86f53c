using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Applications.Members;
using Latchkey.Applications.Status;
using Latchkey.Messages.Templates;

namespace Latchkey.Accounts;

/// <summary>Mails about suspensions, blocks and petitions: to the application's owners and editors, or to the operators.</summary>
public sealed class StatusMails(MemberStore members, DeveloperStore developers, PortalMails mails)
{
    public StatusNews News => new(Shut, Asked, Declined);

    private Task Shut(DbConnection db, ApplicationRow row, string reason) =>
        TellMembers(db, row, ApplicationStatusRules.IsShut(row.Status) ? PortalMailKind.ApplicationShut : PortalMailKind.ApplicationReinstated, reason);

    private Task Declined(DbConnection db, ApplicationRow row, string words) => TellMembers(db, row, PortalMailKind.PetitionDeclined, words);

    private async Task Asked(DbConnection db, ApplicationRow row, Petition petition)
    {
        var values = new PortalMailValues(By: petition.Petitioner, Application: row.Name, Link: $"/portal/operator/petitions/{petition.Id}", Status: row.Status, Words: petition.Words);
        foreach (var email in await developers.Operators(db))
        {
            await mails.Put(db, email, PortalMailKind.Petition, values);
        }
    }

    private async Task TellMembers(DbConnection db, ApplicationRow row, string kind, string words)
    {
        var values = new PortalMailValues(Application: row.Name, Link: $"/portal/applications/{row.Id}/petition", Status: row.Status, Words: words.Length > 0 ? words : "none given");
        foreach (var member in await members.Of(db, row.Id))
        {
            if (member is { Status: "active", Role: MemberRole.Owner or MemberRole.Editor })
            {
                await mails.Put(db, member.Email, kind, values);
            }
        }
    }
}
