using System.Data.Common;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Users.Sessions;

/// <summary>Creates and verifies the codes sent to known users.</summary>
public sealed class UserCodes(UserCodeStore store, KeyRing ring, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Creates a code valid for ten minutes. Runs in the caller's transaction.</summary>
    public async Task<(UserCode Row, string Code)> Create(DbConnection db, User user, string purpose, string detail = "")
    {
        var code = Secrets.SixDigits();
        var row = NewRow(user, purpose, detail) with { CodeHash = Hashes(user, purpose, code)[0] };
        await store.Insert(db, row);
        return (row, code);
    }

    /// <summary>As <see cref="Create"/>, for a code from an authenticator app.</summary>
    public async Task<UserCode> CreateWithoutCode(DbConnection db, User user, string purpose)
    {
        var row = NewRow(user, purpose, "");
        await store.Insert(db, row);
        return row;
    }

    public Task<UserCode?> Find(DbConnection db, User user, string purpose, string code) =>
        store.FindByCode(db, user.AppId, user.Id, purpose, Hashes(user, purpose, code), CodeAttempts.MaxAttemptsPerCode, clock.Now());

    /// <summary>Counts an attempt for every active code of the purpose. Call it before verifying.</summary>
    public Task CountAttempt(DbConnection db, User user, string purpose) =>
        store.CountAttempt(db, user.AppId, user.Id, purpose, CodeAttempts.MaxAttemptsPerCode, clock.Now());

    /// <summary>Counts an attempt for this code before it is verified; null when it is used, expired or has no attempts left.</summary>
    public Task<UserCode?> TryAcquireAttempt(DbConnection db, string appId, string id, string purpose, int maxAttempts) =>
        store.TryAcquireAttempt(db, appId, id, purpose, maxAttempts, clock.Now());

    /// <summary>Marks the code as used; true for one caller only.</summary>
    public Task<bool> MarkUsed(DbConnection db, UserCode code) => store.MarkUsed(db, code.AppId, code.Id, clock.Now());

    /// <summary>Ends all codes of a user, of one purpose or of all.</summary>
    public Task EndAll(DbConnection db, User user, string purpose = "") => store.EndAll(db, user.AppId, user.Id, clock.Now(), purpose);

    /// <summary>Whether the typed code is this row's; constant-time.</summary>
    public bool Matches(UserCode row, User user, string code) =>
        Hashes(user, row.Purpose, code)
            .Any(hash =>
                System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
                    System.Text.Encoding.ASCII.GetBytes(hash),
                    System.Text.Encoding.ASCII.GetBytes(row.CodeHash)
                )
            );

    private UserCode NewRow(User user, string purpose, string detail)
    {
        var now = clock.Now();
        return new UserCode
        {
            Id = Ids.New(clock),
            AppId = user.AppId,
            UserId = user.Id,
            Purpose = purpose,
            Detail = detail,
            CreatedAt = now,
            ExpiresAt = now + (long)Lifetime.TotalMilliseconds,
        };
    }

    private string[] Hashes(User user, string purpose, string code) => ring.KeyedHashes(purpose, $"{user.AppId}|{user.Id}|{code}");
}
