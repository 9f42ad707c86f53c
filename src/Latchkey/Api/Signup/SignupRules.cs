using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Locales;
using Latchkey.Users.Passwords;
using Latchkey.Users.Registration;

namespace Latchkey.Api.Signup;

/// <summary>Asking for an account. What the owner of the address must still confirm waits in signups.</summary>
public sealed class SignupRules(
    Database database,
    SignupStore signups,
    UserStore users,
    UserRegistration registration,
    UserQuota quota,
    ApplicationRules applications,
    PasswordHasher hasher,
    MessageOutbox outbox,
    MessageComposer composer,
    MessageLimits messages,
    CodeAttempts attempts,
    AuditStore audit,
    KeyRing ring,
    InstallationSettings installation,
    TimeProvider clock
)
{
    public const string CodePurpose = "signup";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(48);

    public async Task<Result<SignupResult>> SignUp(
        AppCaller caller,
        string rawHandle,
        RawPassword password,
        string? metaData,
        string? locale
    )
    {
        var (application, settings) = (caller.Application, caller.Application.Settings);
        var (signup, refused) = Validate(caller, rawHandle, password, metaData, locale);
        if (refused is not null)
        {
            return refused;
        }

        // Where the answer may tell it, it does so before anything is counted.
        if (!settings.HideAccountExistence && await database.Read(db => users.HandleExists(db, application.Id, signup!.Handle)))
        {
            return ErrorCodes.HandleRegistered;
        }

        if (settings.SignupFlow != "none" && await messages.TryAcquire(application, signup!.Handle, caller.Client.Network) is { } tooMany)
        {
            return tooMany;
        }

        // Where accounts are hidden, new addresses are counted too: the work is the same.
        var ownerLimitError = settings.HideAccountExistence
            ? await messages.TryAcquireSilently(application, signup!.Handle, caller.Client.Network)
            : null;
        var (hash, busy) = await hasher.Hash(application.Id, signup!.Password);
        if (busy is not null)
        {
            return busy;
        }

        var result =
            settings.SignupFlow == "none"
                ? await RegisterImmediately(caller, signup, hash!)
                : await MailCode(caller, signup, hash!, ownerLimitError);
        outbox.Wake();
        return result;
    }

    /// <summary>Links carry 256 random bits, codes six digits; both are stored as keyed hashes over their application and handle.</summary>
    public string[] CodeHashes(string appId, string handle, string code) => ring.KeyedHashes(CodePurpose, $"{appId}|{handle}|{code}");

    private static Result<ValidatedSignup> Validate(
        AppCaller caller,
        string rawHandle,
        RawPassword password,
        string? metaData,
        string? locale
    )
    {
        var settings = caller.Application.Settings;
        var (handle, notAnAddress) = Handle.ParseEmail(rawHandle);
        if (notAnAddress is not null)
        {
            return notAnAddress;
        }

        var (chosen, noLocale) = LocaleCodes.Resolve(settings, locale);
        if (noLocale is not null)
        {
            return noLocale;
        }

        var (input, badPassword) = PasswordPolicy.Validate(settings, password);
        if (badPassword is not null)
        {
            return badPassword;
        }

        var (values, badMetadata) = Metadata.Validate(settings.MetaData, metaData);
        return badMetadata is not null ? badMetadata : new ValidatedSignup(handle.Text, chosen!, input, Metadata.Write(values!));
    }

    private async Task<Result<SignupResult>> RegisterImmediately(AppCaller caller, ValidatedSignup signup, string hash)
    {
        var sendsWelcomeMail = await messages.TryAcquireWelcome(caller.Application, signup.Handle, caller.Client.Network);
        var (registered, refused) = await database.Write(db =>
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
        );
        return refused is not null ? refused : new Registered(registration.IssueTokens(caller.Application, registered!));
    }

    private async Task<Result<SignupResult>> MailCode(AppCaller caller, ValidatedSignup signup, string hash, Error? ownerLimitError)
    {
        var application = caller.Application;
        var isLink = application.Settings.SignupFlow == "link";
        var appToken = isLink ? await applications.AppToken(application.Id) : null;
        return await database.Write<Result<SignupResult>>(async db =>
        {
            var entry = new AuditEntry(application.Id, "signup", signup.Handle, caller.Client.Address);
            await attempts.BeginNewCode(db, application.Id, CodePurpose, signup.Handle);
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

            var code = await Store(db, caller, signup, hash);
            var values = new MacroValues(
                signup.Handle,
                caller.Client.Address,
                isLink ? null : code,
                isLink ? Link(appToken!, signup, code) : null
            );
            var kind = isLink ? MessageKind.SignUpLink : MessageKind.SignUp;
            await outbox.Enqueue(db, application, signup.Handle, kind, composer.Compose(application, kind, signup.Locale, values));
            await audit.Add(db, entry);
            return new MailSent();
        });
    }

    /// <summary>
    /// 601; or, where existence is hidden, the same <c>true</c> as for a new address and a mail to its owner, who may have had enough of
    /// them.
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

        if (ownerLimitError is null)
        {
            var body = composer.Compose(
                caller.Application,
                MessageKind.AccountExists,
                signup.Locale,
                new MacroValues(signup.Handle, caller.Client.Address)
            );
            await outbox.Enqueue(db, caller.Application, signup.Handle, MessageKind.AccountExists, body);
        }

        await audit.Add(db, entry.Refused(ownerLimitError ?? ErrorCodes.HandleRegistered));
        return new MailSent();
    }

    /// <summary>Stores the request under a fresh code, drawn again in the rare case that the handle has it already.</summary>
    private async Task<string> Store(DbConnection db, AppCaller caller, ValidatedSignup signup, string hash)
    {
        var now = clock.Now();
        var flow = caller.Application.Settings.SignupFlow;
        while (true)
        {
            var code = flow == "link" ? Secrets.Token() : Secrets.SixDigits();
            var stored = await signups.Insert(
                db,
                new SignupRow
                {
                    Id = Ids.New(clock),
                    AppId = caller.Application.Id,
                    Handle = signup.Handle,
                    Flow = flow,
                    CodeHash = CodeHashes(caller.Application.Id, signup.Handle, code)[0],
                    PasswordHash = hash,
                    PasswordPrehashed = signup.Password.Prehashed,
                    Metadata = signup.Metadata,
                    Locale = signup.Locale,
                    UpgradesUserId = caller.UpgradingUser?.Id,
                    CreatedAt = now,
                    ExpiresAt = now + (long)Lifetime.TotalMilliseconds,
                }
            );
            if (stored)
            {
                return code;
            }
        }
    }

    private string Link(string appToken, ValidatedSignup signup, string code) =>
        $"{installation.PublicUrl}/api/appuser/completeSignup?appToken={Uri.EscapeDataString(appToken)}"
        + $"&handle={Uri.EscapeDataString(signup.Handle)}&code={code}&locale={signup.Locale}";
}
