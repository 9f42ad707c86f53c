using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Users.LoginCodes;

/// <summary>
/// Creates and verifies login codes. A code is good only together with the request token of the app that asked, so nobody else can guess
/// at it, use it up or end it. The token of the link is the code, followed by 256 random bits: the page that it opens shows the code, which
/// is stored nowhere.
/// </summary>
public sealed class UserLoginCodes(LoginCodeStore store, KeyRing ring, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private const int MaxTries = 5;
    private const string HashPurpose = "login_code";

    /// <summary>Completes a request with what identifies and ends it. Returns it with its request token, which is not stored.</summary>
    public (LoginCode Request, string RequestToken) Create(LoginCode request)
    {
        var (token, now) = (Secrets.Token(), clock.Now());
        var created = request with
        {
            Id = Ids.New(clock),
            RequestHash = Secrets.Hash(token),
            CreatedAt = now,
            ExpiresAt = now + (long)Lifetime.TotalMilliseconds,
        };
        return (created, token);
    }

    /// <summary>Gives the request its code and link, to be sent to this user. Runs in the caller's transaction.</summary>
    /// <param name="userId">Null for an address without an account.</param>
    public async Task<(string Code, string LinkToken)> Issue(DbConnection db, LoginCode request, string? userId)
    {
        var code = Secrets.SixDigits();
        var link = code + Secrets.Token();
        await store.SetSent(
            db,
            request with
            {
                UserId = userId,
                CodeHash = ring.KeyedHash(HashPurpose, Named(request, code)),
                LinkHash = Secrets.Hash(link),
            }
        );
        return (code, link);
    }

    /// <summary>The code in the token of a link; null when no request that can still be completed has this link.</summary>
    public async Task<(LoginCode Request, string Code)?> FindByLink(DbConnection db, string appId, string handle, string linkToken) =>
        linkToken.Length > TypedCode.DigitCount
        && await store.FindByLink(db, appId, handle, Secrets.Hash(linkToken), MaxTries, clock.Now()) is { } request
            ? (request, linkToken[..TypedCode.DigitCount])
            : null;

    /// <summary>
    /// Counts an attempt at a request before it is verified; null when there is none with this token, or it is used, expired or has no
    /// attempts left.
    /// </summary>
    public Task<LoginCode?> TryAcquireAttempt(DbConnection db, string appId, string handle, string requestToken) =>
        store.TryAcquireAttempt(db, appId, handle, Secrets.Hash(requestToken), MaxTries, clock.Now());

    /// <summary>Whether the text is the code or the token of the link; constant-time.</summary>
    public bool Matches(LoginCode request, string codeOrLinkToken) =>
        TypedCode.IsSixDigits(codeOrLinkToken)
            ? ring.KeyedHashes(HashPurpose, Named(request, codeOrLinkToken)).Any(hash => AreEqual(hash, request.CodeHash))
            : AreEqual(Secrets.Hash(codeOrLinkToken), request.LinkHash);

    /// <summary>Marks the request as used; true for one caller only.</summary>
    public Task<bool> MarkUsed(DbConnection db, LoginCode request) => store.MarkUsed(db, request.AppId, request.Id, clock.Now());

    private static bool AreEqual(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other));

    private static string Named(LoginCode request, string code) => $"{request.AppId}|{request.Id}|{code}";
}
