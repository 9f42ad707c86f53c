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
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Signup;

/// <summary>Signup. A signup that the owner of the address must confirm is stored by <see cref="SignupMailer"/>.</summary>
public sealed class SignupRules(
    Database database,
    SignupMailer mailer,
    UserStore users,
    UserRegistration registration,
    PasswordHasher hasher,
    UserMessenger messenger,
    MessageLimits messages,
    RateLimits limits
)
{
    /// <summary>403 without a password, unless the application makes it optional. The other errors are the contract's.</summary>
    /// <param name="password">Null for a user without one, who adds a passkey after the address is confirmed.</param>
    /// <param name="linkPage">As in <see cref="SignupDraft"/>.</param>
    public async Task<Result<SignupResult>> SignUp(
        AppCaller caller,
        string rawHandle,
        RawPassword? password,
        string? metaData,
        string? locale,
        string? linkPage = null
    )
    {
        var (application, settings) = (caller.Application, caller.Application.Settings);
        if (password is null && !settings.PasswordOptional)
        {
            return ErrorCodes.MissingParameter.WithCause("password");
        }

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

        var hash = "";
        if (
            signup.Password is { } given
            && (await hasher.Hash(HashingShare.Of(application, caller.Client), given)).Failed(out hash, out var busy)
        )
        {
            return busy;
        }

        var prehashed = signup.Password?.Prehashed ?? false;
        if (settings.SignupFlow != SignupFlow.None)
        {
            var draft = new SignupDraft(signup.Handle, signup.Locale, hash, prehashed, signup.Metadata, linkPage);
            return await mailer.Mail(application, caller.Client, caller.UpgradingUser?.Id, draft);
        }

        var result = await RegisterImmediately(caller, signup, hash, prehashed);
        messenger.Wake();
        return result;
    }

    /// <summary>
    /// Mails another code or link for a signup that waits. 407 where nobody signs up by mail any more, 700 for too many requests; otherwise
    /// as <see cref="SignUp"/>.
    /// </summary>
    public async Task<Result<SignupResult>> SendAgain(AppCaller caller, SignupDraft draft)
    {
        var application = caller.Application;
        return application.Settings is not { SignupEnabled: true, SignupFlow: not SignupFlow.None } ? ErrorCodes.SignupDisabled
            : await messages.TryAcquire(application, draft.Handle, MessagePurpose.ForStranger(caller.Client.Network)) is { } tooMany
                ? tooMany
            : await mailer.Mail(application, caller.Client, upgradesUserId: null, draft);
    }

    private static Result<ValidatedSignup> Validate(
        AppCaller caller,
        string rawHandle,
        RawPassword? password,
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

        PasswordInput? input = null;
        if (password is { } given)
        {
            if (PasswordPolicy.Validate(settings, given).Failed(out var fit, out var badPassword))
            {
                return badPassword;
            }

            input = fit;
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

    private async Task<Result<SignupResult>> RegisterImmediately(AppCaller caller, ValidatedSignup signup, string hash, bool prehashed)
    {
        var (application, client) = (caller.Application, caller.Client);
        var welcomes = await messages.TryAcquireWelcome(application, signup.Handle, client.Network);
        return (
            await database.Write(async db =>
            {
                // Nobody confirmed the address: without budget for strangers there is no welcome mail.
                var sends =
                    welcomes && await messages.Charge(db, application, MessagePurpose.ForStranger(client.Network), signup.Handle) is null;
                return await registration.Register(
                    db,
                    application,
                    client,
                    new NewUser
                    {
                        Handle = signup.Handle,
                        Origin = UserOrigin.Signup,
                        Action = "signup",
                        Locale = signup.Locale,
                        PasswordHash = hash.Length > 0 ? hash : null,
                        PasswordPrehashed = prehashed,
                        Metadata = signup.Metadata,
                        EmailVerified = false,
                        Methods = AuthenticationMethods.Password,
                        UpgradesUserId = caller.UpgradingUser?.Id,
                        MustUpgrade = caller.UpgradingUser is not null, // it was not counted as a new user
                        SendsWelcomeMail = sends,
                    }
                );
            })
        ).Failed(out var registered, out var refused)
            ? refused
            : new Registered(registered);
    }
}
