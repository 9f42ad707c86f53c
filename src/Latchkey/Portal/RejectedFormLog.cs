using Latchkey.Accounts;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Portal;

/// <summary>
/// Notes forms that the portal refused: all of them in the server's log, and in an application's log what one of its members may
/// not do. A flood is one line a minute for each member, page and reason; others choose the address of what they send, so of them it is
/// one for each account, network and reason.
/// </summary>
public sealed partial class RejectedFormLog(LogThrottle lines, Database database, AuditStore audit, ILogger<RejectedFormLog> log)
{
    /// <summary>Its name in an application's log.</summary>
    public const string Action = "portalForm";

    /// <summary>The form came from another site.</summary>
    public void LogForeignOrigin(HttpContext http) => TryLog(http, "sent from another site");

    /// <summary>The form had no antiforgery token of this visitor.</summary>
    public void LogMissingToken(HttpContext http) => TryLog(http, "without a token of this visitor");

    /// <summary>The signed-in account may not send the form.</summary>
    public async Task LogForbidden(HttpContext http)
    {
        if (!TryLog(http, "not allowed") || !IsMember(http) || http.GetRouteValue("appId") is not string appId)
        {
            return;
        }

        var entry = new AuditEntry(appId, Action, "", PortalPage.ActorOf(http));
        await database.Write(db => audit.Add(db, entry.Refused(ErrorCodes.InsufficientRole.WithCause(http.Request.Path))));
    }

    /// <summary>Whether it is worth a line.</summary>
    private bool TryLog(HttpContext http, string reason)
    {
        var client = ClientAddress.From(http.Connection.RemoteIpAddress);
        var developer = http.Features.Get<Developer>()?.Id ?? "nobody";
        var page = IsMember(http) ? $"{http.GetEndpoint()?.DisplayName}|{http.GetRouteValue("appId")}" : "";
        var isFirst = lines.IsFirst($"portal|{reason}|{page}|{developer}|{client.Network}");
        if (isFirst)
        {
            LogRefused(log, http.Request.Path, developer, client.Address, reason);
        }

        return isFirst;
    }

    /// <summary>Of the application that the address names: its owners' pages are refused to a member too, who does not see them.</summary>
    private static bool IsMember(HttpContext http) => http.Features.Get<PageAccess>() is { Role: >= Role.Viewer };

    [LoggerMessage(1, LogLevel.Warning, "A form for {Path}, sent by {Developer} from {Client}, was refused: {Reason}")]
    private static partial void LogRefused(ILogger log, string path, string developer, string client, string reason);
}
