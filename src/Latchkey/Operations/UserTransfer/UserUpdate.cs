using System.Data.Common;
using Latchkey.Users;
using Latchkey.Users.Identities;
using Latchkey.Users.Sessions;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Updates existing users from a file; absent values stay.</summary>
public sealed class UserUpdate(UserTransferStore store, UserIdentityStore identities, SessionStore sessions, UserCodes codes)
{
    /// <summary>
    /// Updates a user in the caller's transaction. The row's accounts of Apple and Google, if any, replace the user's. A new password or a
    /// suspension ends all sessions.
    /// </summary>
    public async Task Apply(DbConnection db, User existing, ValidatedRow row, User wanted, long now)
    {
        var updated = Merge(existing, row.Values, wanted) with { UpdatedAt = now };
        await store.Replace(db, updated);
        if (row.Values[UserField.LoginProvider] is not null || row.Accounts.Count > 0)
        {
            await identities.RemoveAll(db, existing.AppId, existing.Id);
            await store.AddIdentities(db, [row with { User = updated }], now);
        }

        if (updated.PasswordHash != existing.PasswordHash || updated.IsSuspended)
        {
            var reason = updated.IsSuspended ? SessionEndReason.Suspended : SessionEndReason.PasswordReset;
            await sessions.EndAll(db, existing.AppId, existing.Id, new(reason, "", now));
            await codes.EndAll(db, existing);
        }
    }

    private static User Merge(User existing, RowValues values, User wanted)
    {
        T Of<T>(UserField field, Func<User, T> get) => get(values[field] is not null ? wanted : existing);

        return existing with
        {
            UserName = Of(UserField.UserName, u => u.UserName),
            Status = Of(UserField.Status, u => u.Status),
            Origin = Of(UserField.Origin, u => u.Origin),
            Locale = Of(UserField.Locale, u => u.Locale),
            EmailVerified = Of(UserField.EmailVerified, u => u.EmailVerified),
            PasswordHash = Of(UserField.PasswordHash, u => u.PasswordHash),
            PasswordPrehashed = Of(UserField.PasswordHash, u => u.PasswordPrehashed),
            LoginProvider = Of(UserField.LoginProvider, u => u.LoginProvider),
            Phone = Of(UserField.Phone, u => u.Phone),
            PendingPhone = Of(UserField.PendingPhone, u => u.PendingPhone),
            TwoFactorPhone = Of(UserField.TwoFactorPhone, u => u.TwoFactorPhone),
            TwoFactorGoogle = Of(UserField.TotpSeed, u => u.TwoFactorGoogle),
            TotpSeedSealed = Of(UserField.TotpSeed, u => u.TotpSeedSealed),
            CreatedAt = Of(UserField.CreatedAt, u => u.CreatedAt),
            LastLoginAt = Of(UserField.LastLogin, u => u.LastLoginAt),
            Metadata = Merge(existing.Metadata, values.Metadata),
            InviteMetadata = Merge(existing.InviteMetadata, values.InviteMetadata),
        };
    }

    /// <summary>What would be too much if the file's metadata joined the user's; null for nothing.</summary>
    public static string? FindExcess(User existing, RowValues values) =>
        Metadata.FindExcess(MergedValues(existing.Metadata, values.Metadata))
        ?? Metadata.FindExcess(MergedValues(existing.InviteMetadata, values.InviteMetadata));

    private static string Merge(string stored, Dictionary<string, string> values) =>
        values.Count == 0 ? stored : Metadata.Write(MergedValues(stored, values));

    private static Dictionary<string, string> MergedValues(string stored, Dictionary<string, string> values) =>
        Metadata.Read(stored).Where(value => !values.ContainsKey(value.Key)).Concat(values).ToDictionary(StringComparer.Ordinal);
}
