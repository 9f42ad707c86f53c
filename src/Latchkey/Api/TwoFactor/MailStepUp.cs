using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>
/// Proves again, by a code that is mailed to the user's own address, who is logged in: for users without a second factor, some of whom have
/// no password either.
/// </summary>
public sealed class MailStepUp(
    Database database,
    UserStore users,
    UserCodes codes,
    CodeAttempts attempts,
    RateLimits limits,
    MessageLimits messages,
    UserMessenger messenger,
    SessionProof proofs,
    AuditStore audit
)
{
    /// <summary>The value of the parameter <c>method</c>.</summary>
    public const string Method = "mail";

    private const int MaxAttempts = 5;

    /// <summary>
    /// Mails a code. 602 for a user with a second factor, who must use it, and an anonymous one; 608 for an address that nobody has proved;
    /// 700 for too many mails.
    /// </summary>
    public async Task<Result<Done>> Send(UserCaller caller)
    {
        var (application, user, network) = (caller.Application, caller.User, caller.Client.Network);
        if (user.Anonymous || FactorMethods.Of(application.Settings, user).Count > 0)
        {
            return ErrorCodes.InvalidData.WithCause("only users with an address and without a second factor");
        }

        if (!user.EmailVerified)
        {
            return ErrorCodes.NotVerified;
        }

        // Fewer than an address gets: an access token alone must not use up the mails of the owner's logins.
        if (
            (
                await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.StepUpMails, user.Id))
                ?? await messages.TryAcquire(application, user.Handle, MessagePurpose.ForUser(network))
            ) is
            { } tooMany
        )
        {
            return tooMany;
        }

        var sent = await database.Write(db => Send(db, caller));
        messenger.Wake();
        return sent;
    }

    /// <summary>
    /// Verifies the code that was sent to this session, and records the proof. 602 for no code, 600 for a wrong or used one, 700 after too
    /// many attempts.
    /// </summary>
    public async Task<Result<Session>> Prove(UserCaller caller, string code)
    {
        var (appId, user) = (caller.Application.Id, caller.User);
        if (!TypedCode.IsSixDigits(code))
        {
            return ErrorCodes.InvalidData.WithCause("not a code");
        }

        if ((await attempts.TryAcquire(appId, CodePurpose.MailStepUp, user.Id, caller.Client)).Failed(out var guess, out var tooMany))
        {
            return tooMany;
        }

        if (await TryAcquireRow(caller) is not { } row || !codes.Matches(row, user, code))
        {
            return ErrorCodes.InvalidCredentials.WithCause("wrong or used code");
        }

        return await database.Write<Result<Session>>(async db =>
        {
            if (!await codes.MarkUsed(db, row))
            {
                return ErrorCodes.InvalidCredentials.WithCause("the code was used");
            }

            await attempts.Clear(db, appId, CodePurpose.MailStepUp, user.Id, caller.Client, guess);
            return await proofs.Record(db, caller, AuthenticationMethods.Mail);
        });
    }

    private async Task<Result<Done>> Send(DbConnection db, UserCaller caller)
    {
        var (application, client) = (caller.Application, caller.Client);
        if (await users.FindForUpdate(db, database.Dialect, application.Id, caller.User.Id) is not { IsSuspended: false } user)
        {
            return ErrorCodes.UserSuspended;
        }

        if (await messages.Charge(db, application, MessagePurpose.ForUser(client.Network), user.Handle) is { } full)
        {
            return full;
        }

        await codes.EndAll(db, user, CodePurpose.MailStepUp);
        var (row, code) = await codes.Create(db, user, CodePurpose.MailStepUp, client.Network, caller.Session.PublicId);
        await attempts.BeginNewCode(db, application.Id, CodePurpose.MailStepUp, user.Id, client.Network);
        var values = new MacroValues(user.Handle, client.Address, code, ExpiresAt: row.ExpiresAt);
        await messenger.Enqueue(db, application, user.Handle, MessageKind.StepUpCode, user.Locale, values);
        await audit.Add(db, new AuditEntry(application.Id, "stepUpFactor", user.Handle, client.Address) { Detail = Method });
        return default(Done);
    }

    /// <summary>The code that was sent to this session last, with an attempt at it counted; null for none.</summary>
    private async Task<UserCode?> TryAcquireRow(UserCaller caller) =>
        await database.Read(db => codes.FindNewest(db, caller.User, CodePurpose.MailStepUp, caller.Session.PublicId)) is { } sent
            ? await database.Write(db => codes.TryAcquireAttempt(db, sent.AppId, sent.Id, MaxAttempts, CodePurpose.MailStepUp))
            : null;
}
