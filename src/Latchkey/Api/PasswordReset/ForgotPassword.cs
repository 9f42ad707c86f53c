using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.PasswordReset;

/// <summary>A code for a new password, to the address of the user and to no other.</summary>
public sealed class ForgotPassword(
    Database database,
    UserStore users,
    UserCodes codes,
    CodeAttempts attempts,
    MessageLimits messages,
    UserMessenger messenger,
    AuditStore audit
)
{
    private const string Action = "forgotPassword";

    /// <summary>
    /// 606 for a user name if names are off, 603 unknown, 611/612 for users of Apple or Google. If the application hides who has an
    /// account, the response is the same <c>true</c> after the same work, and 700 depends only on the requested name.
    /// </summary>
    public async Task<Result<Done>> RequestCode(AppCaller caller, string rawHandle)
    {
        var application = caller.Application;
        var name = Handle.Normalise(rawHandle);
        var isAddress = name.Contains('@', StringComparison.Ordinal);
        if (!isAddress && !application.Settings.UserNamesEnabled)
        {
            return ErrorCodes.UserNamesDisabled;
        }

        if (await messages.TryAcquire(application, name, caller.Client.Network) is { } tooMany)
        {
            return tooMany;
        }

        var user = await database.Read(db =>
            isAddress ? users.FindByHandle(db, application.Id, name) : users.FindByUserName(db, application.Id, name)
        );
        var (hidesExistence, address) = (
            application.Settings.HideAccountExistence,
            user is { Anonymous: false } && user.HandleKey != Handle.KeyOf(name) ? user.Handle : name
        );
        var ownerLimitError =
            hidesExistence ? await messages.TryAcquireSilently(application, address, caller.Client.Network)
            : address != name ? await messages.TryAcquireForAddress(application, address, caller.Client.Network)
            : null;
        if (ownerLimitError is not null && !hidesExistence)
        {
            return ownerLimitError;
        }

        var refused = Validate(user) ?? ownerLimitError;
        await database.Write(async db =>
        {
            await attempts.BeginNewCode(db, application.Id, CodePurpose.Reset, name);
            if (address != name && !hidesExistence)
            {
                await attempts.BeginNewCode(db, application.Id, CodePurpose.Reset, address);
            }

            if (user is { Anonymous: false } && ownerLimitError is null)
            {
                await QueueMail(db, caller, user, refused);
            }

            // The response may hide a refusal, but the log contains it. Visible refusals are logged with the response.
            var logged = Handle.ForLog(name, application.Settings.UserNamesEnabled);
            var entry = new AuditEntry(application.Id, Action, logged, caller.Client.Address);
            if (refused is null || hidesExistence)
            {
                await audit.Add(db, refused is null ? entry : entry.Refused(refused));
            }
        });
        messenger.Wake();
        return refused is null || hidesExistence ? default(Done) : refused;
    }

    private static Error? Validate(User? user) =>
        user switch
        {
            null or { Anonymous: true } => ErrorCodes.AccountNotFound,
            { LoginProvider: SocialProvider.Apple, PasswordHash: null } => ErrorCodes.AppleAccountExists,
            { LoginProvider: SocialProvider.Google, PasswordHash: null } => ErrorCodes.GoogleAccountExists,
            _ => null,
        };

    private async Task QueueMail(DbConnection db, AppCaller caller, User user, Error? refused)
    {
        var values = new MacroValues(user.Handle, caller.Client.Address);
        if (refused is null)
        {
            await codes.EndAll(db, user, CodePurpose.Reset); // the newest mail is the one that counts
            var (row, code) = await codes.Create(db, user, CodePurpose.Reset);
            await QueueMail(
                db,
                caller.Application,
                user,
                MessageKind.ResetPassword,
                values with
                {
                    Code = code,
                    ExpiresAt = row.ExpiresAt,
                }
            );
        }
        else
        {
            await QueueMail(
                db,
                caller.Application,
                user,
                MessageKind.SocialAccount,
                values with
                {
                    Provider = SocialProvider.DisplayName(user.LoginProvider),
                }
            );
        }
    }

    private Task QueueMail(DbConnection db, Application application, User user, string kind, MacroValues values) =>
        messenger.Enqueue(db, application, user.Handle, kind, user.Locale, values);
}
