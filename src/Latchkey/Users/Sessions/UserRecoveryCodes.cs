using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Users.Sessions;

/// <summary>The recovery codes of a user: ten, shown once, each good for one login or one proof.</summary>
public sealed class UserRecoveryCodes(RecoveryCodeStore store, KeyRing ring, SecurityNotifications notifications, TimeProvider clock)
{
    private const int CodeCount = 10;

    /// <summary>With so many left, the user is told to make new ones.</summary>
    private const int FewLeft = 2;

    private const string HashPurpose = "user_recovery_code";

    /// <summary>
    /// Replaces all codes of the user by new ones, and returns these as they are shown. Runs in the caller's transaction.
    /// </summary>
    public async Task<IReadOnlyList<string>> Renew(DbConnection db, User user)
    {
        string[] codes = [.. Enumerable.Range(0, CodeCount).Select(_ => RecoveryCode.Create())];
        var rows = codes.Select(code => (Ids.New(clock), ring.KeyedHash(HashPurpose, Named(user, code))));
        await store.RemoveAll(db, user.AppId, user.Id);
        await store.Insert(db, user.AppId, user.Id, rows, ring.CurrentId, clock.Now());
        return [.. codes.Select(RecoveryCode.Format)];
    }

    /// <summary>
    /// Consumes a code, as it was typed; true for one caller only. Tells the user by mail. Runs in the transaction of what the code is used
    /// for.
    /// </summary>
    public async Task<bool> TryUse(DbConnection db, Application application, User user, string typed, ClientAddress client)
    {
        if (
            RecoveryCode.Parse(typed) is not { } code
            || !await store.TryUse(db, user.AppId, user.Id, ring.KeyedHashes(HashPurpose, Named(user, code)), clock.Now())
        )
        {
            return false;
        }

        await notifications.Send(db, application, user, MessageKind.RecoveryCodeUsed, client.Address);
        if (await CountUnused(db, user) == FewLeft)
        {
            await notifications.Send(db, application, user, MessageKind.RecoveryCodesLow, client.Address);
        }

        return true;
    }

    public Task<int> CountUnused(DbConnection db, User user) => store.CountUnused(db, user.AppId, user.Id);

    public Task RemoveAll(DbConnection db, User user) => store.RemoveAll(db, user.AppId, user.Id);

    private static string Named(User user, string code) => $"{user.AppId}|{user.Id}|{code}";
}
