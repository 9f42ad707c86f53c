using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Applications.Domains;
using Latchkey.Applications.Members;
using Latchkey.Limits;
using Latchkey.Messages.Templates;

namespace Latchkey.Accounts;

/// <summary>Mails about requests for domains: to the operators, or to the application's owners and editors.</summary>
public sealed class DomainMailer(MemberStore members, DeveloperStore developers, PortalMailer mails, RateLimits limits) : IDomainNotifier
{
    private const string Scope = "portal";

    /// <summary>
    /// The operators get few of these mails a day, however often a domain is asked for, proved and withdrawn. Their list has all requests.
    /// </summary>
    public async Task Proven(DbConnection db, DomainRequest request)
    {
        RateLimitRequest[] notices =
        [
            new(DefaultLimits.DomainNoticesByApplication, request.AppId),
            new(DefaultLimits.DomainNoticesByDeveloper, request.Requester),
        ];
        if (limits.AreOn && (await limits.AcquireAll(db, Scope, notices)).Error is not null)
        {
            return;
        }

        var values = ValuesOf(request, $"/portal/operator/applications/{request.AppId}/domains/{request.Host}");
        foreach (var email in await developers.ListOperatorEmails(db))
        {
            await mails.Enqueue(db, email, PortalMailKind.DomainRequest, values);
        }
    }

    public Task Approved(DbConnection db, DomainRequest request) => SendToMembers(db, request, PortalMailKind.DomainApproved, "");

    public Task Refused(DbConnection db, DomainRequest request, string reason) =>
        SendToMembers(db, request, PortalMailKind.DomainRefused, reason);

    private async Task SendToMembers(DbConnection db, DomainRequest request, string kind, string words)
    {
        var values = ValuesOf(request, $"/portal/applications/{request.AppId}/domains/{request.Host}") with { Text = words };
        foreach (var member in await members.ListByApplication(db, request.AppId))
        {
            if (member is { Status: DeveloperStatus.Active, Role: Role.Owner or Role.Editor })
            {
                await mails.Enqueue(db, member.Email, kind, values);
            }
        }
    }

    private static PortalMailValues ValuesOf(DomainRequest request, string link) =>
        new(ActorName: request.Requester, Application: request.AppName, Link: link) { Domain = request.Host };
}
