using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Profile;

/// <summary>
/// Gives a user the address that a mailed code has proved (<see cref="AddressChangeRequest"/>). The user stays the same: id, sessions and
/// ways to sign in. Codes that went to the old address end, what strangers had begun with the new one goes, the log forgets them, and the
/// old address is told.
/// </summary>
public sealed class AddressChange(
    Database database,
    UserStore users,
    UserCodes codes,
    CodeAttempts attempts,
    PendingRequests pending,
    LastFactor lastFactor,
    UserMessenger messenger,
    AuditStore audit,
    TimeProvider clock
)
{
    public const string Action = "verifyHandle";

    /// <summary>
    /// 602 for a wrong or expired code, 601 when somebody has the address by now, 700 after too many tries, 405 when the session ended
    /// meanwhile.
    /// </summary>
    public async Task<Result<Done>> Confirm(UserCaller caller, string code)
    {
        var (appId, user) = (caller.Application.Id, caller.User);
        if (!TypedCode.IsSixDigits(code))
        {
            return ErrorCodes.InvalidData.WithCause("not a code");
        }

        if ((await attempts.TryAcquire(appId, CodePurpose.AddressChange, user.Id, caller.Client)).Failed(out var guess, out var tooMany))
        {
            return tooMany;
        }

        if (await database.Read(db => codes.Find(db, appId, user.Id, CodePurpose.AddressChange, code)) is not { } row)
        {
            return ErrorCodes.InvalidData.WithCause("wrong or expired code");
        }

        try
        {
            var changed = await database.Write(db => Store(db, caller, row, guess));
            messenger.Wake();
            return changed;
        }
        catch (DbException e) when (database.Dialect.IsUniqueViolation(e, "handle_key"))
        {
            return ErrorCodes.HandleRegistered;
        }
    }

    /// <summary>The address that a code was sent to and that waits for it; null for none.</summary>
    public async Task<string?> FindPending(User user) =>
        (await database.Read(db => codes.ListOf(db, user, CodePurpose.AddressChange))).Select(row => row.Detail).FirstOrDefault();

    private async Task<Result<Done>> Store(DbConnection db, UserCaller caller, UserCode row, CodeGuess guess)
    {
        var (application, client) = (caller.Application, caller.Client);
        if ((await lastFactor.Lock(db, caller)).Failed(out var user, out var ended))
        {
            return ended;
        }

        if (!await codes.MarkUsed(db, row))
        {
            return ErrorCodes.InvalidData.WithCause("the code was used");
        }

        await users.SetHandle(db, user.AppId, user.Id, row.Detail, clock.Now());
        await codes.EndAll(db, user);
        await pending.DeleteByHandle(db, user.AppId, row.Detail);
        await attempts.Clear(db, user.AppId, CodePurpose.AddressChange, user.Id, client, guess);
        await ForgetOthers(db, user.AppId, row.Detail);
        await audit.Rename(db, user.AppId, user.Handle, row.Detail);
        await audit.Add(db, new AuditEntry(user.AppId, Action, row.Detail, client.Address));
        var values = new MacroValues(user.Handle, client.Address);
        await messenger.Enqueue(db, application, user.Handle, MessageKind.AddressChanged, user.Locale, values);
        return default(Done);
    }

    /// <summary>What is logged about the address so far was somebody else's doing: it must not become the user's own.</summary>
    private async Task ForgetOthers(DbConnection db, string appId, string address)
    {
        foreach (var name in Handle.SpellingsOf(address))
        {
            await audit.Anonymize(db, appId, name, userId: "");
        }
    }
}
