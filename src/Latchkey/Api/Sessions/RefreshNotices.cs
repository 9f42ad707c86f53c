using System.Data.Common;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Sessions;

/// <summary>What the application's log and the user are told of unusual uses of refresh tokens. Usual ones leave no line.</summary>
public sealed class RefreshNotices(Database database, AuditStore audit, SecurityNotifications notifications)
{
    private const string Action = "refresh";

    /// <summary>A lost answer is asked for again within minutes; later, the log shows it.</summary>
    private static readonly TimeSpan UsualRetry = TimeSpan.FromMinutes(10);

    /// <summary>Logs a token that was answered again long after, and one that is ahead of the database.</summary>
    public async Task Record(RefreshUse use)
    {
        if (Describe(use.Found.Grant, use) is { } detail)
        {
            await database.Write(db => audit.Add(db, Entry(use) with { Detail = detail }));
        }
    }

    /// <summary>
    /// Logs the reuse, and mails the user if a session has ended. Runs in the transaction that ends the session, or the grant alone.
    /// </summary>
    public async Task TellOfReuse(DbConnection db, RefreshUse use, bool hasEndedSession)
    {
        var grant = use.Found.Grant;
        var what = hasEndedSession ? "session ended" : $"what client {grant.Client} was granted has ended";
        var detail = grant.SuccessorUsedAt(use.Token.Generation) is { } usedAt
            ? $"{what}: a refresh token came again {Age(use.At - usedAt)} after the next one was used"
            : $"{what}: a refresh token of {grant.Generation - use.Token.Generation} generations ago came again";
        var code = hasEndedSession ? ErrorCodes.SessionEnded.Code : ErrorCodes.InvalidRefreshToken.Code;
        await audit.Add(db, Entry(use) with { Code = code, Detail = detail });
        if (!hasEndedSession)
        {
            return;
        }

        await notifications.Send(db, use.Application, use.Found.User, MessageKind.SessionStolen, use.From.Address);
    }

    /// <summary>Wakes the outbox worker. Call it after the transaction.</summary>
    public void Wake() => notifications.Wake();

    private static AuditEntry Entry(RefreshUse use) => new(use.Application.Id, Action, use.Found.User.Handle, use.From.Address);

    private static string? Describe(SessionGrant grant, RefreshUse use) =>
        use.Token.Generation > grant.Generation
            ? $"the refresh token was {use.Token.Generation - grant.Generation} ahead of the database, as after a restore; it was accepted"
        : use.IsOwnersCopy
            ? $"a refresh token of {grant.Generation - use.Token.Generation} generations ago came again with a proof of its key"
        : use.Decision == RefreshDecision.Repeat && grant.LastRotationAt is { } at && use.At - at > UsualRetry.TotalMilliseconds
            ? $"answered again {Age(use.At - at)} after the first answer, which nobody had used"
        : null;

    private static string Age(long milliseconds) =>
        TimeSpan.FromMilliseconds(milliseconds) is var age && age.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.#} hours")
        : age.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0.#} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} seconds");
}
