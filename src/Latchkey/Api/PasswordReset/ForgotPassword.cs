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

namespace Latchkey.Api.PasswordReset;

/// <summary>Mails a code and a link for a new password, to the user's own address only.</summary>
public sealed class ForgotPassword(
    Database database,
    UserStore users,
    UserCodes codes,
    MailedLink links,
    CodeAttempts attempts,
    MessageLimits messages,
    UserMessenger messenger,
    AuditStore audit
)
{
    private const string Action = "forgotPassword";

    /// <summary>In place of the id of an unknown user.</summary>
    private const string NoUserId = "";

    /// <summary>
    /// 606 for a user name if names are off, 603 unknown, 611/612 for users of Apple or Google. If the application hides who has an
    /// account, the response is the same <c>true</c> after the same work, and 700 depends only on the requested name.
    /// </summary>
    public async Task<Result<Done>> RequestCode(AppCaller caller, string rawHandle)
    {
        var application = caller.Application;
        var (name, network) = (Handle.Normalise(rawHandle), caller.Client.Network);
        var isAddress = name.Contains('@', StringComparison.Ordinal);
        if (!isAddress && !application.Settings.UserNamesEnabled)
        {
            return ErrorCodes.UserNamesDisabled;
        }

        if (await messages.TryAcquire(application, name, MessagePurpose.ForUser(network)) is { } tooMany)
        {
            return tooMany;
        }

        var appToken = await links.AppToken(application.Id);
        var user = await database.Read(db =>
            isAddress ? users.FindByHandle(db, application.Id, name) : users.FindByUserName(db, application.Id, name)
        );
        var (hidesExistence, address) = (
            application.Settings.HideAccountExistence,
            user is { Anonymous: false } && user.HandleKey != Handle.KeyOf(name) ? user.Handle : name
        );
        var ownerLimitError =
            hidesExistence ? await messages.TryAcquireSilently(application, address, network)
            : address != name ? await messages.TryAcquireForAddress(application, address, network)
            : null;
        if (ownerLimitError is not null && !hidesExistence)
        {
            return ownerLimitError;
        }

        var refused = await database.Write(db => Store(db, caller, new Request(name, address, user, appToken), ownerLimitError));
        messenger.Wake();
        return refused is null ? default(Done) : refused;
    }

    /// <summary>Returns the visible refusal. It is not rolled back: a user without a password gets a mail that says so.</summary>
    private async Task<Error?> Store(DbConnection db, AppCaller caller, Request request, Error? ownerLimitError)
    {
        var (application, network, hidesExistence) = (
            caller.Application,
            caller.Client.Network,
            caller.Application.Settings.HideAccountExistence
        );
        var full = await codes.MakeRoom(db, application.Id, request.User?.Id ?? NoUserId, CodePurpose.Reset, network);
        var purpose = MessagePurpose.ForUser(network);
        var cannotSend = ownerLimitError ?? full;
        cannotSend ??= request.User is { Anonymous: false }
            ? await messages.Charge(db, application, purpose, request.Address)
            : await messages.Check(db, application, purpose, request.Address);

        if (cannotSend is not null && !hidesExistence)
        {
            return cannotSend;
        }

        await attempts.BeginNewCode(db, application.Id, CodePurpose.Reset, request.Name, network);
        if (request.Address != request.Name && !hidesExistence)
        {
            await attempts.BeginNewCode(db, application.Id, CodePurpose.Reset, request.Address, network);
        }

        var refused = Validate(request.User) ?? cannotSend;
        if (request.User is { Anonymous: false } user && cannotSend is null)
        {
            await QueueMail(db, caller, user, request.AppToken, refused);
        }

        // The response may hide a refusal, but the log contains it. Visible refusals are logged with the response.
        var logged = Handle.ForLog(request.Name, application.Settings.UserNamesEnabled);
        var entry = new AuditEntry(application.Id, Action, logged, caller.Client.Address);
        if (refused is null || hidesExistence)
        {
            await audit.Add(db, refused is null ? entry : entry.Refused(refused));
            return null;
        }

        return refused;
    }

    private static Error? Validate(User? user) =>
        user switch
        {
            null or { Anonymous: true } => ErrorCodes.AccountNotFound,
            { LoginProvider: SocialProvider.Apple, PasswordHash: null } => ErrorCodes.AppleAccountExists,
            { LoginProvider: SocialProvider.Google, PasswordHash: null } => ErrorCodes.GoogleAccountExists,
            _ => null,
        };

    private async Task QueueMail(DbConnection db, AppCaller caller, User user, string appToken, Error? refused)
    {
        var application = caller.Application;
        var values = new MacroValues(user.Handle, caller.Client.Address);
        if (refused is not null)
        {
            var provider = SocialProvider.DisplayName(user.LoginProvider);
            await messenger.Enqueue(
                db,
                application,
                user.Handle,
                MessageKind.SocialAccount,
                user.Locale,
                values with
                {
                    Provider = provider,
                }
            );
            return;
        }

        var (row, code, token) = await codes.CreateWithLink(db, user, CodePurpose.Reset, caller.Client.Network);
        await messenger.Enqueue(
            db,
            application,
            user.Handle,
            MessageKind.ResetPassword,
            user.Locale,
            values with
            {
                Code = code,
                Link = links.Create("resetPassword", appToken, user.Handle, token, user.Locale),
                ExpiresAt = row.ExpiresAt,
            }
        );
    }

    /// <param name="Name">The requested handle, normalised.</param>
    /// <param name="Address">The user's address; for an unknown handle, the handle.</param>
    /// <param name="User">Null for an unknown handle.</param>
    /// <param name="AppToken">The App Token in the link.</param>
    private sealed record Request(string Name, string Address, User? User, string AppToken);
}
