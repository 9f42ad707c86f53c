using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Codes of a second factor by SMS.</summary>
public sealed class FactorSms(UserCodes codes, CodeAttempts attempts, MessageLimits messages, UserMessenger messenger)
{
    /// <summary>700 when a verified number has had too many SMS. Call it before the transaction of <see cref="Send"/>.</summary>
    public Task<Error?> TryAcquire(Application application, string phone) => messages.TryAcquireSms(application, phone);

    /// <summary>
    /// As <see cref="TryAcquire"/>, for a number that is not verified, to be followed by <see cref="SendToUnverified"/>.
    /// </summary>
    public Task<Error?> TryAcquireToUnverified(Application application, User user, string phone, ClientAddress client) =>
        messages.TryAcquireSmsToUnverified(application, user.Id, phone, client.Network);

    /// <summary>
    /// Gives the row a new code and sends it to the user's verified number. 700 if the application has no budget for the SMS, 600 if the
    /// row is used or expired. Runs in the caller's transaction.
    /// </summary>
    public Task<Result<Done>> Send(DbConnection db, Application application, User user, UserCode row, ClientAddress client) =>
        Send(db, application, user, row, client, Required(user.Phone), MessagePurpose.LoginSms, isVerified: true);

    /// <summary>
    /// As <see cref="Send(DbConnection, Application, User, UserCode, ClientAddress)"/>, to a number that the code verifies.
    /// </summary>
    public Task<Result<Done>> SendToUnverified(
        DbConnection db,
        Application application,
        User user,
        UserCode row,
        ClientAddress client,
        string phone
    ) => Send(db, application, user, row, client, phone, MessagePurpose.UnverifiedSms(client.Network), isVerified: false);

    /// <summary>Wakes the outbox worker. Call it after the transaction.</summary>
    public void Wake() => messenger.Wake();

    private async Task<Result<Done>> Send(
        DbConnection db,
        Application application,
        User user,
        UserCode row,
        ClientAddress client,
        string phone,
        MessagePurpose purpose,
        bool isVerified
    )
    {
        if (await messages.Charge(db, application, purpose, phone) is { } full)
        {
            return full;
        }

        if (await codes.Renew(db, row, user, isVerified ? null : phone) is not { } code)
        {
            return ErrorCodes.InvalidCredentials.WithCause("used or expired meanwhile");
        }

        await attempts.BeginNewCode(db, application.Id, row.Purpose, user.Id, client.Network);
        await messenger.Enqueue(
            db,
            application,
            phone,
            MessageKind.Sms,
            user.Locale,
            new MacroValues(user.Handle, client.Address, code, ExpiresAt: row.ExpiresAt)
        );
        return default(Done);
    }

    private static string Required(string? phone) => phone ?? throw new InvalidOperationException("the user has no verified number");
}
