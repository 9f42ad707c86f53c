using System.Data.Common;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.LoginCodes;

namespace Latchkey.Users.Sessions;

/// <summary>Creates and verifies the codes sent to known users.</summary>
public sealed class UserCodes(UserCodeStore store, LoginCodeStore loginCodes, KeyRing ring, TimeProvider clock)
{
    private const int MaxListed = 100;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Creates a code valid for ten minutes. Runs in the caller's transaction.</summary>
    /// <param name="network">The requesting network; empty for a server, the portal or the command line.</param>
    public async Task<(UserCode Row, string Code)> Create(DbConnection db, User user, string purpose, string network, string detail = "")
    {
        var code = Secrets.SixDigits();
        var row = NewRow(user, purpose, network, detail) with { CodeHash = Hashes(user, purpose, code)[0] };
        await store.Insert(db, row);
        return (row, code);
    }

    /// <summary>As <see cref="Create"/>, with the token of a link that can be used in place of the code.</summary>
    public async Task<(UserCode Row, string Code, string LinkToken)> CreateWithLink(
        DbConnection db,
        User user,
        string purpose,
        string network
    )
    {
        var (code, link) = (Secrets.SixDigits(), Secrets.Token());
        var row = NewRow(user, purpose, network, "") with
        {
            CodeHash = Hashes(user, purpose, code)[0],
            LinkHash = Hashes(user, purpose, link)[0],
        };
        await store.Insert(db, row);
        return (row, code, link);
    }

    /// <summary>Makes room for another code: ends the network's oldest ones. 700 if the user then still has too many.</summary>
    public Task<Error?> MakeRoom(DbConnection db, string appId, string userId, string purpose, string network) =>
        store.MakeRoom(db, appId, userId, purpose, network, clock.Now());

    /// <summary>As <see cref="Create"/>, for a code that is sent later, or comes from an authenticator app.</summary>
    public async Task<UserCode> CreateWithoutCode(DbConnection db, User user, string purpose, string network, string detail)
    {
        var row = NewRow(user, purpose, network, detail);
        await store.Insert(db, row);
        return row;
    }

    /// <summary>
    /// Finds the active code by its six digits or link token. An empty user id does the same work, to prevent user enumeration.
    /// </summary>
    /// <param name="network">Only codes that this network requested; empty for all.</param>
    public Task<UserCode?> Find(DbConnection db, string appId, string userId, string purpose, string code, string network = "") =>
        store.FindByCode(db, appId, userId, purpose, Hashes(appId, userId, purpose, code), network, clock.Now());

    /// <summary>Counts an attempt for this code before it is verified; null when it is used, expired or has no attempts left.</summary>
    public Task<UserCode?> TryAcquireAttempt(DbConnection db, string appId, string id, int maxAttempts, params string[] purposes) =>
        store.TryAcquireAttempt(db, appId, id, purposes, maxAttempts, clock.Now());

    /// <summary>Finds an active row by its id; null when it is used or expired, or has another purpose.</summary>
    public Task<UserCode?> FindActive(DbConnection db, string appId, string id, string purpose) =>
        store.FindActive(db, appId, id, purpose, clock.Now());

    /// <summary>The newest active row of a user for a purpose and a detail.</summary>
    public Task<UserCode?> FindNewest(DbConnection db, User user, string purpose, string detail) =>
        store.FindNewest(db, user.AppId, user.Id, purpose, detail, clock.Now());

    /// <summary>A user's active codes for a purpose, newest first.</summary>
    public async Task<IReadOnlyList<UserCode>> ListOf(DbConnection db, User user, string purpose) =>
        [.. (await store.ListActive(db, user.AppId, user.Id, clock.Now(), MaxListed)).Where(row => row.Purpose == purpose)];

    /// <summary>Gives an active row a new code, which replaces an older one. Null when the row is used or expired.</summary>
    /// <param name="phone">The number that the code confirms; null for a number that is confirmed already.</param>
    public async Task<string?> Renew(DbConnection db, UserCode row, User user, string? phone)
    {
        var code = Secrets.SixDigits();
        var hash = Hashes(user, row.Purpose, code)[0];
        return await store.SetExpected(db, row.AppId, row.Id, hash, seedSealed: null, phone, clock.Now()) ? code : null;
    }

    /// <summary>Lets an active row wait for the first code of an authenticator app. False when the row is used or expired.</summary>
    public Task<bool> ExpectAuthenticator(DbConnection db, UserCode row, string seedSealed) =>
        store.SetExpected(db, row.AppId, row.Id, codeHash: "", seedSealed, phone: null, clock.Now());

    /// <summary>Ends all logins of a user that wait for a second factor.</summary>
    public async Task EndLogins(DbConnection db, User user)
    {
        await EndAll(db, user, CodePurpose.Login);
        await EndAll(db, user, CodePurpose.Enrollment);
    }

    /// <summary>Marks the code as used; true for one caller only.</summary>
    public Task<bool> MarkUsed(DbConnection db, UserCode code) => store.MarkUsed(db, code.AppId, code.Id, clock.Now());

    /// <summary>Ends all codes of a user, login codes among them.</summary>
    public async Task EndAll(DbConnection db, User user)
    {
        await store.EndAll(db, user.AppId, user.Id, clock.Now());
        await loginCodes.EndAll(db, user.AppId, user.Id, clock.Now());
    }

    /// <summary>Ends all codes of a user for one purpose.</summary>
    public Task EndAll(DbConnection db, User user, string purpose) => store.EndAll(db, user.AppId, user.Id, clock.Now(), purpose);

    /// <summary>Whether the typed code is this row's; constant-time.</summary>
    public bool Matches(UserCode row, User user, string code) =>
        Hashes(user, row.Purpose, code)
            .Any(hash =>
                System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
                    System.Text.Encoding.ASCII.GetBytes(hash),
                    System.Text.Encoding.ASCII.GetBytes(row.CodeHash)
                )
            );

    private UserCode NewRow(User user, string purpose, string network, string detail)
    {
        var now = clock.Now();
        return new UserCode
        {
            Id = Ids.New(clock),
            AppId = user.AppId,
            UserId = user.Id,
            Purpose = purpose,
            Network = network,
            Detail = detail,
            CreatedAt = now,
            ExpiresAt = now + (long)Lifetime.TotalMilliseconds,
        };
    }

    private string[] Hashes(User user, string purpose, string code) => Hashes(user.AppId, user.Id, purpose, code);

    private string[] Hashes(string appId, string userId, string purpose, string code) =>
        ring.KeyedHashes(purpose, $"{appId}|{userId}|{code}");
}
