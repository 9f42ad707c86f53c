using System.Data.Common;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.PasswordReset;

/// <summary>Mails a code and a link for a new password, to the user's own address only.</summary>
public sealed class ForgotPassword(
    Database database,
    ApplicationCache applications,
    UserStore users,
    UserCodes codes,
    MailedLink links,
    CodeAttempts attempts,
    MessageLimits messages,
    UserMessenger messenger,
    DeferredWork deferred,
    AuditStore audit
) : IDeferredWork
{
    private const string Action = "forgotPassword";

    /// <inheritdoc/>
    public string Kind => Action;

    /// <summary>
    /// 606 for a user name if names are off, 603 unknown, 611/612 for users of Apple or Google. If the application hides who has an
    /// account, the response is <c>true</c> before anybody looks for the user, and 700 depends only on the requested name.
    /// </summary>
    /// <param name="linkPage">As in <see cref="DeferredReset"/>.</param>
    public async Task<Result<Done>> RequestCode(AppCaller caller, string rawHandle, string? linkPage = null)
    {
        var (application, client, name) = (caller.Application, caller.Client, Handle.Normalise(rawHandle));
        if (!IsAddress(name) && !application.Settings.UserNamesEnabled)
        {
            return ErrorCodes.UserNamesDisabled;
        }

        if (await messages.TryAcquire(application, name, MessagePurpose.ForUser(client.Network)) is { } tooMany)
        {
            return tooMany;
        }

        if (application.Settings.HideAccountExistence)
        {
            await deferred.Add(Kind, new DeferredReset(application.Id, name, client, linkPage), DeferredJson.Default.DeferredReset);
            return default(Done);
        }

        var request = new Request(application, client, name, await links.AppToken(application.Id), linkPage);
        if (await database.Read(db => Find(db, request)) is not { } user)
        {
            return ErrorCodes.AccountNotFound;
        }

        if (
            user.HandleKey != Handle.KeyOf(name)
            && await messages.TryAcquireForAddress(application, user.Handle, client.Network) is { } tooManyToUser
        )
        {
            return tooManyToUser;
        }

        if ((await database.Write(db => Send(db, request, user))).Failed(out var sent, out var refused))
        {
            return refused;
        }

        messenger.Wake();
        return sent.Refused is null ? default(Done) : sent.Refused;
    }

    /// <inheritdoc/>
    public async Task<Func<DbConnection, Task>?> Prepare(string input)
    {
        var work = JsonSerializer.Deserialize(input, DeferredJson.Default.DeferredReset);
        if (work is null || await applications.Find(work.AppId) is not { } application)
        {
            return null;
        }

        var request = new Request(application, work.Client, work.Name, await links.AppToken(application.Id), work.LinkPage);
        return db => SendSilently(db, request);
    }

    /// <inheritdoc/>
    public void Finish() => messenger.Wake();

    /// <summary>The log has the reason why nothing is sent, and nobody else learns it.</summary>
    private async Task SendSilently(DbConnection db, Request request)
    {
        var (application, network) = (request.Application, request.Client.Network);
        var sent =
            await Find(db, request) is not { } user ? ErrorCodes.AccountNotFound
            : await messages.TryAcquireSilently(db, application, user.Handle, network) is { } tooMany ? tooMany
            : await Send(db, request, user);
        if ((sent.Error ?? sent.Value?.Refused) is { } refused)
        {
            await attempts.BeginNewCode(db, application.Id, CodePurpose.Reset, request.Name, network);
            await audit.Add(db, Entry(request).Refused(refused));
        }
    }

    /// <summary>700 when the mail cannot be sent.</summary>
    private async Task<Result<Sent>> Send(DbConnection db, Request request, User user)
    {
        var (application, network) = (request.Application, request.Client.Network);
        if (await users.FindForUpdate(db, database.Dialect, application.Id, user.Id) is null)
        {
            return ErrorCodes.AccountNotFound;
        }

        // The user's row is locked first, as everywhere: the budget's row is the application's.
        if (await messages.Charge(db, application, MessagePurpose.ForUser(network), user.Handle) is { } noBudget)
        {
            return noBudget;
        }

        if (await codes.MakeRoom(db, application.Id, user.Id, CodePurpose.Reset, network) is { } tooManyCodes)
        {
            return tooManyCodes;
        }

        var values = new MacroValues(user.Handle, request.Client.Address);
        if (user is { HasIdToken: true, LoginProvider: var provider, PasswordHash: null })
        {
            var other = values with { Provider = SocialProvider.DisplayName(provider, []) };
            await messenger.Enqueue(db, application, user.Handle, MessageKind.SocialAccount, user.Locale, other);
            return new Sent(provider == SocialProvider.Apple ? ErrorCodes.AppleAccountExists : ErrorCodes.GoogleAccountExists);
        }

        await attempts.BeginNewCode(db, application.Id, CodePurpose.Reset, request.Name, network);
        if (!application.Settings.HideAccountExistence && user.HandleKey != Handle.KeyOf(request.Name))
        {
            await attempts.BeginNewCode(db, application.Id, CodePurpose.Reset, user.Handle, network);
        }

        var (row, code, token) = await codes.CreateWithLink(db, user, CodePurpose.Reset, network);
        var withCode = values with
        {
            Code = code,
            Link = request.LinkPage is { } page
                ? MailedLink.To(page, user.Handle, token, user.Locale)
                : links.Create("resetPassword", request.AppToken, user.Handle, token, user.Locale),
            ExpiresAt = row.ExpiresAt,
        };
        await messenger.Enqueue(db, application, user.Handle, MessageKind.ResetPassword, user.Locale, withCode);
        await audit.Add(db, Entry(request));
        return new Sent(null);
    }

    /// <summary>Null for an unknown name and for anonymous users, who have no address.</summary>
    private async Task<User?> Find(DbConnection db, Request request) =>
        (
            IsAddress(request.Name)
                ? await users.FindByHandle(db, request.Application.Id, request.Name)
                : await users.FindByUserName(db, request.Application.Id, request.Name)
        )
            is { Anonymous: false } user
            ? user
            : null;

    private static bool IsAddress(string name) => name.Contains('@', StringComparison.Ordinal);

    private static AuditEntry Entry(Request request) =>
        new(
            request.Application.Id,
            Action,
            Handle.ForLog(request.Name, request.Application.Settings.UserNamesEnabled),
            request.Client.Address
        );

    /// <param name="Application">The user's application.</param>
    /// <param name="Client">Where the request came from.</param>
    /// <param name="Name">The requested handle or user name, normalised.</param>
    /// <param name="AppToken">The App Token in the link.</param>
    /// <param name="LinkPage">As in <see cref="DeferredReset"/>.</param>
    private sealed record Request(Application Application, ClientAddress Client, string Name, string AppToken, string? LinkPage);

    /// <summary>A mail was queued.</summary>
    /// <param name="Refused">Why it has no code: 611 or 612 for a user of Apple or Google. Null for a code.</param>
    private sealed record Sent(Error? Refused);
}
