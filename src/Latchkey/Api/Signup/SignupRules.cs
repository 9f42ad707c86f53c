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
using Latchkey.Users.Locales;
using Latchkey.Users.Passwords;
using Latchkey.Users.Registration;

namespace Latchkey.Api.Signup;

/// <summary>Signup. A signup that the owner of the address must confirm is stored in signups.</summary>
public sealed class SignupRules(
    Database database,
    SignupRequests requests,
    UserStore users,
    UserRegistration registration,
    UserQuota quota,
    PasswordHasher hasher,
    UserMessenger messenger,
    MessageLimits messages,
    RateLimits limits,
    AuditStore audit
)
{
    public async Task<Result<SignupResult>> SignUp(
        AppCaller caller,
        string rawHandle,
        RawPassword password,
        string? metaData,
        string? locale
    )
    {
        var (application, settings) = (caller.Application, caller.Application.Settings);
        if (Validate(caller, rawHandle, password, metaData, locale).Failed(out var signup, out var refused))
        {
            return refused;
        }

        // If the response may reveal it, check before anything is counted.
        if (!settings.HideAccountExistence && await database.Read(db => users.HandleExists(db, application.Id, signup.Handle)))
        {
            return ErrorCodes.HandleRegistered;
        }

        if (await TryAcquire(caller, signup) is { } tooMany)
        {
            return tooMany;
        }

        // Where accounts are hidden, new addresses are counted too: the work is the same.
        var ownerLimitError = settings.HideAccountExistence
            ? await messages.TryAcquireSilently(application, signup.Handle, caller.Client.Network)
            : null;
        if ((await hasher.Hash(HashingShare.Of(application, caller.Client), signup.Password)).Failed(out var hash, out var busy))
        {
            return busy;
        }

        var result =
            settings.SignupFlow == SignupFlow.None
                ? await RegisterImmediately(caller, signup, hash)
                : await MailCode(caller, signup, hash, ownerLimitError);
        messenger.Wake();
        return result;
    }

    private static Result<ValidatedSignup> Validate(
        AppCaller caller,
        string rawHandle,
        RawPassword password,
        string? metaData,
        string? locale
    )
    {
        var settings = caller.Application.Settings;
        if (Handle.ParseEmail(rawHandle).Failed(out var handle, out var notAnAddress))
        {
            return notAnAddress;
        }

        if (LocaleCodes.Resolve(settings, locale).Failed(out var chosen, out var noLocale))
        {
            return noLocale;
        }

        if (PasswordPolicy.Validate(settings, password).Failed(out var input, out var badPassword))
        {
            return badPassword;
        }

        return Metadata.Validate(settings.MetaData, metaData).Failed(out var values, out var badMetadata)
            ? badMetadata
            : new ValidatedSignup(handle.Text, chosen, input, Metadata.Write(values));
    }

    /// <summary>
    /// Applies the limit of mails or, if none is sent, of new users per network. An upgraded anonymous user is not new.
    /// </summary>
    private async Task<Error?> TryAcquire(AppCaller caller, ValidatedSignup signup)
    {
        var (application, network) = (caller.Application, caller.Client.Network);
        return application.Settings.SignupFlow != SignupFlow.None
                ? await messages.TryAcquire(application, signup.Handle, MessagePurpose.ForStranger(network))
            : caller.UpgradingUser is not null ? null
            : await limits.TryAcquire(
                application.Id,
                new RateLimitRequest(
                    DefaultLimits.UnconfirmedUsersPerNetwork with
                    {
                        PermitLimit = application.Settings.AnonymousUsersPerHour,
                    },
                    network
                )
            );
    }

    private async Task<Result<SignupResult>> RegisterImmediately(AppCaller caller, ValidatedSignup signup, string hash)
    {
        var sendsWelcomeMail = await messages.TryAcquireWelcome(caller.Application, signup.Handle, caller.Client.Network);
        return (
            await database.Write(db =>
                registration.Register(
                    db,
                    caller.Application,
                    caller.Client,
                    new NewUser
                    {
                        Handle = signup.Handle,
                        Origin = UserOrigin.Signup,
                        Action = "signup",
                        Locale = signup.Locale,
                        PasswordHash = hash,
                        PasswordPrehashed = signup.Password.Prehashed,
                        Metadata = signup.Metadata,
                        EmailVerified = false,
                        UpgradesUserId = caller.UpgradingUser?.Id,
                        SendsWelcomeMail = sendsWelcomeMail,
                    }
                )
            )
        ).Failed(out var registered, out var refused)
            ? refused
            : new Registered(registration.IssueTokens(caller.Application, registered));
    }

    private async Task<Result<SignupResult>> MailCode(AppCaller caller, ValidatedSignup signup, string hash, Error? ownerLimitError)
    {
        var application = caller.Application;
        var appToken = await requests.AppTokenForLink(application);
        return await database.Write<Result<SignupResult>>(async db =>
        {
            var entry = new AuditEntry(application.Id, "signup", signup.Handle, caller.Client.Address);
            var tooManyCodes = await requests.BeginNewCode(db, caller, signup.Handle);
            var isFull = await quota.IsFull(db, application);
            if (isFull && application.Settings.HideAccountExistence)
            {
                return ErrorCodes.TooManyUsers; // whether or not the address is known
            }

            if (await users.HandleExists(db, application.Id, signup.Handle))
            {
                return await RespondToExistingAccount(db, caller, signup, entry, ownerLimitError);
            }

            if (isFull)
            {
                return ErrorCodes.TooManyUsers;
            }

            if ((tooManyCodes ?? await requests.Store(db, caller, signup, hash, appToken)) is { } full)
            {
                // For an address with an account, no code is stored
                return application.Settings.HideAccountExistence ? await RespondSilently(db, entry.Refused(full)) : full;
            }

            await audit.Add(db, entry);
            return new MailSent();
        });
    }

    /// <summary>
    /// 601; or, if existence is hidden, the same <c>true</c> as for a new address, and a mail to the owner within the mail limits.
    /// </summary>
    private async Task<Result<SignupResult>> RespondToExistingAccount(
        DbConnection db,
        AppCaller caller,
        ValidatedSignup signup,
        AuditEntry entry,
        Error? ownerLimitError
    )
    {
        if (!caller.Application.Settings.HideAccountExistence)
        {
            return ErrorCodes.HandleRegistered;
        }

        var cannotSend =
            ownerLimitError ?? await messages.Charge(db, caller.Application, MessagePurpose.ForUser(caller.Client.Network), signup.Handle);
        if (cannotSend is null)
        {
            await messenger.Enqueue(
                db,
                caller.Application,
                signup.Handle,
                MessageKind.AccountExists,
                signup.Locale,
                new MacroValues(signup.Handle, caller.Client.Address)
            );
        }

        return await RespondSilently(db, entry.Refused(cannotSend ?? ErrorCodes.HandleRegistered));
    }

    /// <summary>The response as if a mail had been sent. The log has the reason.</summary>
    private async Task<Result<SignupResult>> RespondSilently(DbConnection db, AuditEntry refused)
    {
        await audit.Add(db, refused);
        return new MailSent();
    }
}
