using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Passwords;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.PasswordReset;

/// <summary>Sets a new password with the mailed code or link. They prove ownership of the address, so all sessions end.</summary>
public sealed class ResetPassword(
    Database database,
    UserStore users,
    AddressConfirmation confirmation,
    UserCodes codes,
    CodeAttempts attempts,
    PasswordHasher hasher,
    PasswordAttempts passwordAttempts,
    SecurityNotifications notifications,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Action = "resetPassword";

    /// <summary>In place of the id of an unknown user.</summary>
    private const string NoUserId = "";

    /// <summary>
    /// 602 for a wrong, used or expired code or an unknown handle, 606 if user names are off, 702 if the password does not meet the
    /// policy, 700 after too many attempts.
    /// </summary>
    public async Task<Result<Done>> Reset(AppCaller caller, string rawHandle, RawPassword password, string code)
    {
        var name = Handle.Normalise(rawHandle);
        var result = await TryReset(caller, name, password, code);
        notifications.Wake();
        return result;
    }

    private async Task<Result<Done>> TryReset(AppCaller caller, string name, RawPassword password, string code)
    {
        var application = caller.Application;
        var isAddress = name.Contains('@', StringComparison.Ordinal);
        if (!isAddress && !application.Settings.UserNamesEnabled)
        {
            return ErrorCodes.UserNamesDisabled;
        }

        var isLink = CodeAttempts.IsLinkToken(code);
        if (!isLink && !TypedCode.IsSixDigits(code))
        {
            return ErrorCodes.InvalidData.WithCause("not a code");
        }

        if (PasswordPolicy.Validate(application.Settings, password).Failed(out var input, out var badPassword))
        {
            return badPassword;
        }

        if ((isAddress ? Handle.ParseEmail(name).Error : UserName.Parse(name).Error) is { } notAHandle)
        {
            return notAHandle;
        }

        // If existence is hidden, a user's name and address have separate counters, because a shared one would reveal that they belong
        // together. And only the id is read before the code is verified: a whole row takes longer to read than none.
        var (userId, handle) = await database.Read(db =>
            isAddress ? users.FindIdByHandle(db, application.Id, name) : users.FindIdByUserName(db, application.Id, name)
        );
        var subject = application.Settings.HideAccountExistence ? name : handle ?? name;
        var counted = isLink ? CodeGuess.Unlimited : await attempts.TryAcquire(application.Id, CodePurpose.Reset, subject, caller.Client);
        if (counted.Failed(out var guess, out var tooMany))
        {
            return tooMany;
        }

        var network = guess.NetworkFilter(caller.Client);
        var row = await database.Read(db => codes.Find(db, application.Id, userId ?? NoUserId, CodePurpose.Reset, code, network));
        if (row is null || await database.Read(db => users.Find(db, application.Id, row.UserId)) is not { } user)
        {
            return ErrorCodes.InvalidData.WithCause("wrong code or handle");
        }

        return (await hasher.Hash(HashingShare.Of(application, caller.Client), input)).Failed(out var hash, out var busy)
            ? busy
            : await database.Write(db => Store(db, caller, user, new Proof(row, subject, isLink ? null : guess), hash, input.Prehashed));
    }

    private async Task<Result<Done>> Store(DbConnection db, AppCaller caller, User user, Proof proof, string hash, bool prehashed)
    {
        var (application, now) = (caller.Application, clock.Now());
        if (!await codes.MarkUsed(db, proof.Row))
        {
            return ErrorCodes.InvalidData.WithCause("the code was used");
        }

        await users.SetPassword(db, application.Id, user.Id, null, hash, prehashed, now);
        await confirmation.Confirm(
            db,
            user,
            keepsTwoFactor: application.Settings.ResetKeepsTwoFactor,
            new(SessionEndReason.PasswordReset, caller.Client.Address, now)
        );
        if (proof.Guess is { } guess)
        {
            await attempts.Clear(db, application.Id, CodePurpose.Reset, proof.Subject, caller.Client, guess);
        }

        await passwordAttempts.TrustNetwork(db, application.Id, user.Handle, caller.Client);
        await notifications.Send(db, application, user, MessageKind.PasswordChanged, caller.Client.Address);
        if ((user.TwoFactorGoogle || user.TwoFactorPhone) && !(application.Settings.ResetKeepsTwoFactor && user.EmailVerified))
        {
            await notifications.Send(db, application, user, MessageKind.SecondFactorOff, caller.Client.Address);
        }

        await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address));
        return default(Done);
    }

    /// <summary>A correct code or link.</summary>
    /// <param name="Row">The code.</param>
    /// <param name="Subject">The handle whose attempts were counted.</param>
    /// <param name="Guess">The counted attempt; null for a link.</param>
    private sealed record Proof(UserCode Row, string Subject, CodeGuess? Guess);
}
