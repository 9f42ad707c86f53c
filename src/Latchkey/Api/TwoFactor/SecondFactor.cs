using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>
/// Begins the step between the password and the tokens, for users who switched it on in an application that offers it.
/// <see cref="LoginCompletion"/> ends it.
/// </summary>
public sealed class SecondFactor(
    UserCodes codes,
    CodeAttempts attempts,
    MessageLimits messages,
    UserMessenger messenger,
    InstallationTokens tokens
)
{
    public static bool IsRequired(Application application, User user) =>
        UsesAuthenticator(application, user) || PhoneOf(application, user) is not null;

    /// <summary>700 when the user's number has had too many SMS; asked before the transaction of <see cref="Begin"/>.</summary>
    public async Task<Error?> TryAcquireMessage(Application application, User user) =>
        PhoneOf(application, user) is { } phone ? await messages.TryAcquireSms(application, phone) : null;

    /// <summary>
    /// Creates a login token that is valid for ten minutes and, for the phone, sends its code by SMS. 700 if the application has no budget
    /// for the SMS. Runs in the caller's transaction.
    /// </summary>
    /// <param name="methods">How the user has signed in so far: names of <see cref="AuthenticationMethods"/>.</param>
    public async Task<Result<string>> Begin(DbConnection db, Application application, User user, ClientAddress client, string methods)
    {
        UserCode step;
        if (PhoneOf(application, user) is { } phone)
        {
            if (await messages.Charge(db, application, MessagePurpose.LoginSms, phone) is { } full)
            {
                return full;
            }

            (step, var code) = await codes.Create(db, user, CodePurpose.Login, client.Network, methods);
            await attempts.BeginNewCode(db, application.Id, CodePurpose.Login, user.Id, client.Network);
            await messenger.Enqueue(
                db,
                application,
                phone,
                MessageKind.Sms,
                user.Locale,
                new MacroValues(user.Handle, client.Address, code, ExpiresAt: step.ExpiresAt)
            );
        }
        else
        {
            step = await codes.CreateWithoutCode(db, user, CodePurpose.Login, client.Network, methods);
        }

        return tokens.Write(new LoginToken(application.Id, user.Handle, step.Id, step.CreatedAt / 1000));
    }

    private static bool UsesAuthenticator(Application application, User user) =>
        application.Settings.TwoFactorVerification == TwoFactorMethod.Google && user is { TwoFactorGoogle: true, TotpSeedSealed: not null };

    /// <summary>The number that a user's second factor goes to; null when it is not the phone.</summary>
    private static string? PhoneOf(Application application, User user) =>
        application.Settings.TwoFactorVerification == TwoFactorMethod.Phone && user.TwoFactorPhone ? user.Phone : null;
}
