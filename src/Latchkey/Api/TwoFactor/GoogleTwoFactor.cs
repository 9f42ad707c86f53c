using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>The authenticator app as a second factor.</summary>
public sealed class GoogleTwoFactor(
    Database database,
    UserStore users,
    UserCodes codes,
    RateLimits limits,
    KeyRing ring,
    LastFactor lastFactor,
    SecurityNotifications notifications,
    UserMessenger messenger,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Action = "setTwoFactorGoogleVerification";

    /// <summary>A new secret, in use immediately. It replaces an older one. 700 after too many requests.</summary>
    public async Task<Result<AuthenticatorKey>> Enable(UserCaller caller)
    {
        var (application, user) = (caller.Application, caller.User);
        if (await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.AuthenticatorKeys, user.Id)) is { } tooMany)
        {
            return tooMany;
        }

        var seed = Totp.CreateSeed();
        var key = AuthenticatorKey.Create(application, user, seed);
        var enabled = await database.Write<Result<Done>>(async db =>
        {
            if ((await lastFactor.Lock(db, caller)).Failed(out var locked, out var ended))
            {
                return ended;
            }

            if (!locked.HasSecondFactor(application.Settings))
            {
                await lastFactor.RemoveLeftovers(db, user);
            }

            await users.SetTotp(db, user.AppId, user.Id, ring.Encrypt(SeedEncryptionPurpose(user.Id), seed), clock.Now());
            await codes.EndLogins(db, user);
            var values = new MacroValues(user.Handle, caller.Client.Address, key.GoogleSecretKey, QrCode: key.QrCodeBase64);
            await NotifyAndAudit(db, caller, application.Settings.MailsQrCode ? MessageKind.QrCode : MessageKind.SecondFactorOn, values);
            return default(Done);
        });
        messenger.Wake();
        return enabled.Error is { } refused ? refused : key;
    }

    /// <summary>715 when the application requires a factor and the user has no other.</summary>
    public async Task<Result<Done>> Disable(UserCaller caller)
    {
        var notifies =
            caller.User.TwoFactorGoogle && await notifications.TryAcquire(caller.Application, caller.User, MessageKind.SecondFactorOff);
        var disabled = await database.Write<Result<Done>>(async db =>
        {
            if (await users.FindForUpdate(db, database.Dialect, caller.User.AppId, caller.User.Id) is not { } user)
            {
                return ErrorCodes.InvalidAccessToken.WithCause("the user is gone");
            }

            if (LastFactor.Refuse(caller.Application.Settings, user, FactorMethod.Otp) is { } last)
            {
                return last;
            }

            await users.SetTotp(db, user.AppId, user.Id, null, clock.Now());
            if (!(user with { TwoFactorGoogle = false }).HasSecondFactor(caller.Application.Settings))
            {
                await lastFactor.RemoveLeftovers(db, user);
            }

            await NotifyAndAudit(
                db,
                caller,
                notifies ? MessageKind.SecondFactorOff : null,
                new MacroValues(caller.User.Handle, caller.Client.Address)
            );
            return default(Done);
        });
        messenger.Wake();
        return disabled;
    }

    /// <summary>
    /// Whether the code is the user's now; a step that was used is never accepted again, not even by two requests at once.
    /// </summary>
    public async Task<bool> VerifyCode(System.Data.Common.DbConnection db, User user, string code) =>
        user.TotpSeedSealed is { } seed
        && Totp.FindMatchingStep(ring.Open(SeedEncryptionPurpose(user.Id), seed), code, clock.GetUtcNow()) is { } step
        && await users.MarkTotpStepUsed(db, user.AppId, user.Id, step);

    private async Task NotifyAndAudit(System.Data.Common.DbConnection db, UserCaller caller, string? kind, MacroValues values)
    {
        if (kind is not null && !caller.User.Anonymous)
        {
            await messenger.Enqueue(db, caller.Application, caller.User.Handle, kind, caller.User.Locale, values);
        }

        await audit.Add(db, new AuditEntry(caller.Application.Id, Action, caller.User.Handle, caller.Client.Address));
    }

    /// <summary>The encryption purpose of a user's seed.</summary>
    public static string SeedEncryptionPurpose(string userId) => $"users/{userId}/totp";
}
