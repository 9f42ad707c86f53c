using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>The phone as a second factor: one verified number a user, one user a number.</summary>
public sealed class PhoneTwoFactor(
    Database database,
    UserStore users,
    UserCodes codes,
    CodeAttempts attempts,
    MessageLimits messages,
    LastFactor lastFactor,
    SecurityNotifications notifications,
    UserMessenger messenger,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>
    /// 602 for an anonymous user or no number, 412 when another user has verified it, 700 asked too often. Sends a code; the old number
    /// stays until then.
    /// </summary>
    public async Task<Result<Done>> SetPhone(UserCaller caller, string raw)
    {
        var result = await TrySetPhone(caller, raw);
        messenger.Wake();
        return result;
    }

    /// <summary>602 for a wrong or expired code, 412 when another user was faster, 700 after too many tries.</summary>
    public async Task<Result<Done>> VerifyPhone(UserCaller caller, string code)
    {
        var result = await TryVerifyPhone(caller, code);
        messenger.Wake();
        return result;
    }

    /// <summary>410 without a verified number; 715 when the application requires a factor and the user has no other.</summary>
    public async Task<Result<Done>> SetEnabled(UserCaller caller, bool enabled)
    {
        var user = caller.User;
        if (enabled && user.Phone is null)
        {
            return ErrorCodes.NoVerifiedPhone;
        }

        var kind = enabled ? MessageKind.SecondFactorOn : MessageKind.SecondFactorOff;
        var notifies = enabled != user.TwoFactorPhone && await notifications.TryAcquire(caller.Application, user, kind);
        var switched = await database.Write<Result<Done>>(async db =>
        {
            if ((await lastFactor.Lock(db, caller)).Failed(out var locked, out var ended))
            {
                return ended;
            }

            if (enabled && IsOnlyWayIn(caller.Application.Settings, locked))
            {
                return ErrorCodes.LastWayIn;
            }

            if (!enabled && LastFactor.Refuse(caller.Application.Settings, locked, FactorMethod.Sms) is { } last)
            {
                return last;
            }

            if (!(enabled ? locked : locked with { TwoFactorPhone = false }).HasSecondFactor(caller.Application.Settings))
            {
                await lastFactor.RemoveLeftovers(db, locked);
            }

            await users.SetTwoFactorPhone(db, user.AppId, user.Id, enabled, clock.Now());
            await NotifyAndAudit(db, caller, "setTwoFactorPhoneVerification", notifies ? kind : null);
            return default(Done);
        });
        messenger.Wake();
        return switched;
    }

    private async Task<Result<Done>> TrySetPhone(UserCaller caller, string raw)
    {
        var (application, user) = (caller.Application, caller.User);
        if (user.Anonymous)
        {
            return ErrorCodes.InvalidData.WithCause("anonymous users have no phone");
        }

        if (PhoneNumber.ParsePossible(raw).Failed(out var phone, out var notANumber))
        {
            return notANumber;
        }

        if (await database.Read(db => users.IsPhoneTaken(db, application.Id, user.Id, phone.Text)))
        {
            return ErrorCodes.PhoneInUse;
        }

        if (await messages.TryAcquireSmsToUnverified(application, user.Id, phone.Text, caller.Client.Network) is { } tooMany)
        {
            return tooMany;
        }

        return await database.Write<Result<Done>>(async db =>
        {
            // The user's row is locked first, as at login: the budget's row is the application's.
            if (await users.FindForUpdate(db, database.Dialect, application.Id, user.Id) is null)
            {
                return ErrorCodes.InvalidAccessToken;
            }

            if (await messages.Charge(db, application, MessagePurpose.UnverifiedSms(caller.Client.Network), phone.Text) is { } full)
            {
                return full;
            }

            await codes.EndAll(db, user, CodePurpose.Phone);
            await attempts.BeginNewCode(db, user.AppId, CodePurpose.Phone, user.Id, caller.Client.Network);
            var (row, code) = await codes.Create(db, user, CodePurpose.Phone, caller.Client.Network, phone.Text);
            await users.SetPendingPhone(db, user.AppId, user.Id, phone.Text, clock.Now());
            await messenger.Enqueue(
                db,
                application,
                phone.Text,
                MessageKind.Sms,
                user.Locale,
                new MacroValues(user.Handle, caller.Client.Address, code, ExpiresAt: row.ExpiresAt)
            );
            await NotifyAndAudit(db, caller, "setPhone", null);
            return default(Done);
        });
    }

    private async Task<Result<Done>> TryVerifyPhone(UserCaller caller, string code)
    {
        var (appId, user) = (caller.Application.Id, caller.User);
        if (!TypedCode.IsSixDigits(code))
        {
            return ErrorCodes.InvalidData.WithCause("not a code");
        }

        if ((await attempts.TryAcquire(appId, CodePurpose.Phone, user.Id, caller.Client)).Failed(out var guess, out var tooMany))
        {
            return tooMany;
        }

        // A new code ends the old one, so no code of another network is active
        if (await database.Read(db => codes.Find(db, appId, user.Id, CodePurpose.Phone, code)) is not { } row)
        {
            return ErrorCodes.InvalidData.WithCause("wrong or expired code");
        }

        var notifies = await notifications.TryAcquire(caller.Application, user, MessageKind.PhoneChanged);

        try
        {
            return await database.Write<Result<Done>>(async db =>
            {
                if ((await lastFactor.Lock(db, caller)).Error is { } ended)
                {
                    return ended;
                }

                if (!await codes.MarkUsed(db, row))
                {
                    return ErrorCodes.InvalidData.WithCause("the code was used");
                }

                await users.SetPhone(db, appId, user.Id, row.Detail, clock.Now());
                await codes.EndLogins(db, user); // their codes went to the old number
                await codes.EndAll(db, user, CodePurpose.StepUp);
                await attempts.Clear(db, appId, CodePurpose.Phone, user.Id, caller.Client, guess);
                await NotifyAndAudit(db, caller, "verifyPhone", notifies ? MessageKind.PhoneChanged : null);
                return default(Done);
            });
        }
        catch (DbException e) when (database.Dialect.IsUniqueViolation(e, "phone"))
        {
            return ErrorCodes.PhoneInUse;
        }
    }

    /// <summary>Whether the user signs in by SMS and in no other way: the phone cannot be the second factor of itself.</summary>
    private static bool IsOnlyWayIn(ApplicationSettings settings, User user) =>
        settings is { SmsCodeLogin: true, EmailCodeLogin: false } && user is { PasswordHash: null, LoginProvider: "", PasskeyCount: 0 };

    private async Task NotifyAndAudit(DbConnection db, UserCaller caller, string action, string? kind)
    {
        var user = caller.User;
        if (kind is not null)
        {
            await notifications.Send(db, caller.Application, user, kind, caller.Client.Address);
        }

        await audit.Add(db, new AuditEntry(caller.Application.Id, action, user.Handle, caller.Client.Address));
    }
}
