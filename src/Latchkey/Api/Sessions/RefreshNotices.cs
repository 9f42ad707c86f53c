using System.Data.Common;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
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
    public async Task Record(AppCaller caller, GrantedSession found, RefreshToken token, RefreshDecision decision, long now)
    {
        var detail = Describe(found.Grant, token, decision, now);
        if (detail is not null)
        {
            await database.Write(db => audit.Add(db, Entry(caller, found) with { Detail = detail }));
        }
    }

    /// <summary>Logs the reuse, and mails the user. Runs in the transaction that ends the session.</summary>
    public async Task TellOfReuse(DbConnection db, AppCaller caller, GrantedSession found, RefreshToken token, long now)
    {
        var detail = found.Grant.SuccessorUsedAt(token.Generation) is { } usedAt
            ? $"session ended: a refresh token came again {Age(now - usedAt)} after the next one was used"
            : $"session ended: a refresh token of {found.Grant.Generation - token.Generation} generations ago came again";
        await audit.Add(db, Entry(caller, found) with { Code = ErrorCodes.SessionEnded.Code, Detail = detail });
        await notifications.Send(db, caller.Application, found.User, MessageKind.SessionStolen, caller.Client.Address);
    }

    /// <summary>Wakes the outbox worker. Call it after the transaction.</summary>
    public void Wake() => notifications.Wake();

    private static AuditEntry Entry(AppCaller caller, GrantedSession found) =>
        new(caller.Application.Id, Action, found.User.Handle, caller.Client.Address);

    private static string? Describe(SessionGrant grant, RefreshToken token, RefreshDecision decision, long now) =>
        token.Generation > grant.Generation
            ? $"the refresh token was {token.Generation - grant.Generation} ahead of the database, as after a restore; it was accepted"
        : decision == RefreshDecision.Repeat && grant.LastRotationAt is { } at && now - at > UsualRetry.TotalMilliseconds
            ? $"answered again {Age(now - at)} after the first answer, which nobody had used"
        : null;

    private static string Age(long milliseconds) =>
        TimeSpan.FromMilliseconds(milliseconds) is var age && age.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.#} hours")
        : age.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0.#} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} seconds");
}
