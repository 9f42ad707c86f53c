using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Messages.Outbox;

namespace Latchkey.Portal.Messages;

/// <summary>The HTML of a mail in a sandbox: no scripts, no forms, no access to the portal's origin.</summary>
public static class MailPreview
{
    public const int MaxMails = 200;
    public const string Policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'";

    public static void MapMailPreview(this IEndpointRouteBuilder routes)
    {
        var portal = routes.MapGroup(PortalServices.Path).RequireAuthorization(PortalAccessRequirement.Policy).ExcludeFromDescription();
        portal.MapGet(
            "operator/mailbox/{mailId}/html",
            (string mailId, Mailbox mailbox, HttpContext context) => Show(context, mailbox, mailId, null)
        );
        portal
            .MapGet(
                "applications/{appId}/mailbox/{mailId}/html",
                (string appId, string mailId, Mailbox mailbox, HttpContext context) => Show(context, mailbox, mailId, appId)
            )
            .WithMetadata(new RequiresRoleAttribute(Role.Editor, Role.Editor));
    }

    /// <summary>Null if there is no such mail, or if it belongs to another application.</summary>
    public static async Task<MailboxMessage?> Find(Mailbox mailbox, string mailId, string? appId) =>
        Field.IsStorable(mailId) ? await mailbox.Find(appId, mailId) : null;

    /// <summary>The search text as a recipient; null for all recipients.</summary>
    public static string? Recipient(string search) => search.Trim().Length == 0 ? null : search;

    private static async Task<IResult> Show(HttpContext context, Mailbox mailbox, string mailId, string? appId)
    {
        if (await Find(mailbox, mailId, appId) is not { } mail)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.ContentSecurityPolicy = Policy;
        return TypedResults.Text(mail.Body.Html, "text/html; charset=utf-8");
    }
}
