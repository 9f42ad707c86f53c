using System.Data.Common;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>
/// Sets an authenticator app up for a signed-in user: the key is in use after its first code. Until then nothing is stored; the key waits,
/// sealed, with whoever asked.
/// </summary>
public sealed class AuthenticatorSetup(
    Database database,
    UserStore users,
    UserCodes codes,
    RateLimits limits,
    KeyRing ring,
    LastFactor lastFactor,
    SessionProof proofs,
    SecurityNotifications notifications,
    AuditStore audit,
    TimeProvider clock
)
{
    public const string Action = "setTwoFactorGoogleVerification";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>A new key, and the same sealed for <see cref="Confirm"/>. 700 after too many keys.</summary>
    public async Task<Result<(AuthenticatorKey Key, string Pending)>> Begin(UserCaller caller)
    {
        var (application, user) = (caller.Application, caller.User);
        if (await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.AuthenticatorKeys, user.Id)) is { } tooMany)
        {
            return tooMany;
        }

        var seed = Totp.CreateSeed();
        var until = (clock.Now() + (long)Lifetime.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        var pending = ring.Encrypt(Purpose(caller), $"{until} {Convert.ToBase64String(seed)}");
        return (AuthenticatorKey.Create(application, user, seed), pending);
    }

    /// <summary>
    /// Puts the key in use, in the place of an older one, and mails the user. The code counts as a proof of this session. Returns recovery
    /// codes if it is the first factor under the application's policy. 602 for no code, or a key that waited too long; 600 for a wrong
    /// code; 405 when the session ended meanwhile.
    /// </summary>
    public async Task<Result<FirstFactor>> Confirm(UserCaller caller, string pending, string code)
    {
        if (!TypedCode.IsSixDigits(code) || Open(caller, pending) is not { } seed)
        {
            return ErrorCodes.InvalidData.WithCause("no code, or the key waited too long");
        }

        if (Totp.FindMatchingStep(seed, code, clock.GetUtcNow()) is not { } timeStep)
        {
            return ErrorCodes.InvalidCredentials.WithCause("wrong code");
        }

        var notifies = await notifications.TryAcquire(caller.Application, caller.User, MessageKind.SecondFactorOn);
        var stored = await database.Write<Result<FirstFactor>>(db => Store(db, caller, seed, timeStep, notifies));
        notifications.Wake();
        return stored;
    }

    private async Task<Result<FirstFactor>> Store(DbConnection db, UserCaller caller, byte[] seed, long timeStep, bool notifies)
    {
        var (application, user) = (caller.Application, caller.User);
        if ((await lastFactor.Lock(db, caller)).Failed(out var locked, out var ended))
        {
            return ended;
        }

        var isFirst = !locked.HasSecondFactor(application.Settings);
        if (isFirst)
        {
            await lastFactor.RemoveLeftovers(db, user);
        }

        await users.SetTotp(db, user.AppId, user.Id, ring.Encrypt(GoogleTwoFactor.SeedEncryptionPurpose(user.Id), seed), clock.Now());
        await users.MarkTotpStepUsed(db, user.AppId, user.Id, timeStep);
        await codes.EndLogins(db, user);
        if (notifies)
        {
            await notifications.Send(db, application, user, MessageKind.SecondFactorOn, caller.Client.Address);
        }

        await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address));
        if ((await proofs.Record(db, caller, AuthenticationMethods.OneTimeCode)).Error is { } gone)
        {
            return gone;
        }

        return new FirstFactor(isFirst && application.Settings.HasFactorPolicy ? await lastFactor.RenewCodes(db, user) : null);
    }

    private byte[]? Open(UserCaller caller, string pending) =>
        ring.TryOpen(Purpose(caller), pending) is { } content
        && System.Text.Encoding.UTF8.GetString(content).Split(' ') is [var until, var seed]
        && long.Parse(until, CultureInfo.InvariantCulture) > clock.Now()
            ? Convert.FromBase64String(seed)
            : null;

    private static string Purpose(UserCaller caller) => $"authenticator-setup/{caller.Session.Id}";
}
