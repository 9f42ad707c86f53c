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
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Signup;

/// <summary>Asking for an account. What the owner of the address must still confirm waits in signups.</summary>
public sealed class SignupRules(
    Database database,
    SignupStore signups,
    UserStore users,
    UserRegistration registration,
    UserPlaces places,
    ApplicationRules applications,
    PasswordHasher hasher,
    MessageOutbox outbox,
    Composer composer,
    MessageLimits messages,
    CodeTries tries,
    AuditStore audit,
    KeyRing ring,
    InstallationSettings installation,
    TimeProvider clock)
{
    public const string CodePurpose = "signup";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(48);

    public async Task<Result<SignupAnswer>> SignUp(AppCaller caller, string rawHandle, RawPassword password, string? metaData, string? locale)
    {
        var (application, settings) = (caller.Application, caller.Application.Settings);
        var (plan, refused) = Plan(caller, rawHandle, password, metaData, locale);
        if (refused is not null)
        {
            return refused;
        }

        // Where the answer may tell it, it does so before anything is counted.
        if (!settings.HideAccountExistence && await database.Read(db => users.HandleExists(db, application.Id, plan!.Handle)))
        {
            return ErrorCodes.HandleRegistered;
        }

        if (settings.SignupFlow != "none" && await messages.Take(application, plan!.Handle, caller.Client.Network) is { } tooMany)
        {
            return tooMany;
        }

        // Where accounts are hidden, new addresses are counted too: the work is the same.
        var hasHadItsMails = settings.HideAccountExistence ? await messages.TakeSilently(application, plan!.Handle, caller.Client.Network) : null;
        var (hash, busy) = await hasher.Hash(application.Id, plan!.Password);
        if (busy is not null)
        {
            return busy;
        }

        var result = settings.SignupFlow == "none"
            ? await RegisterAtOnce(caller, plan, hash!)
            : await MailCode(caller, plan, hash!, hasHadItsMails);
        outbox.Wake();
        return result;
    }

    /// <summary>Links carry 256 random bits, codes six digits; both are stored as keyed hashes over their application and handle.</summary>
    public string[] CodeHashes(string appId, string handle, string code) => ring.KeyedHashes(CodePurpose, $"{appId}|{handle}|{code}");

    private static Result<SignupPlan> Plan(AppCaller caller, string rawHandle, RawPassword password, string? metaData, string? locale)
    {
        var settings = caller.Application.Settings;
        var (handle, notAnAddress) = Handle.Email(rawHandle);
        if (notAnAddress is not null)
        {
            return notAnAddress;
        }

        var (chosen, noLocale) = LocaleCodes.Choose(settings, locale);
        if (noLocale is not null)
        {
            return noLocale;
        }

        var (input, badPassword) = PasswordPolicy.Accept(settings, password);
        if (badPassword is not null)
        {
            return badPassword;
        }

        var (values, badMetadata) = Metadata.Take(settings.MetaData, metaData);
        return badMetadata is not null ? badMetadata : new SignupPlan(handle.Text, chosen!, input, Metadata.Write(values!));
    }

    private async Task<Result<SignupAnswer>> RegisterAtOnce(AppCaller caller, SignupPlan plan, string hash)
    {
        var isWelcomed = await messages.MayWelcome(caller.Application, plan.Handle, caller.Client.Network);
        var (registered, refused) = await database.Write(db => registration.Register(db, caller.Application, caller.Client, new NewUser
        {
            Handle = plan.Handle,
            Origin = UserOrigin.Signup,
            Action = "signup",
            Locale = plan.Locale,
            PasswordHash = hash,
            PasswordPrehashed = plan.Password.Prehashed,
            Metadata = plan.Metadata,
            EmailVerified = false,
            UpgradesUserId = caller.Upgrading?.Id,
            IsWelcomed = isWelcomed,
        }));
        return refused is not null ? refused : new Registered(registration.Tokens(caller.Application, registered!));
    }

    private async Task<Result<SignupAnswer>> MailCode(AppCaller caller, SignupPlan plan, string hash, Error? hasHadItsMails)
    {
        var application = caller.Application;
        var isLink = application.Settings.SignupFlow == "link";
        var appToken = isLink ? await applications.AppToken(application.Id) : null;
        return await database.Write<Result<SignupAnswer>>(async db =>
        {
            var entry = new AuditEntry(application.Id, "signup", plan.Handle, caller.Client.Address);
            await tries.Renew(db, application.Id, CodePurpose, plan.Handle);
            var isFull = await places.IsFull(db, application);
            if (isFull && application.Settings.HideAccountExistence)
            {
                return ErrorCodes.TooManyUsers; // whether or not the address is known
            }

            if (await users.HandleExists(db, application.Id, plan.Handle))
            {
                return await AnswerRegistered(db, caller, plan, entry, hasHadItsMails);
            }

            if (isFull)
            {
                return ErrorCodes.TooManyUsers;
            }

            var code = await Store(db, caller, plan, hash);
            var values = new MacroValues(plan.Handle, caller.Client.Address, isLink ? null : code, isLink ? Link(appToken!, plan, code) : null);
            var kind = isLink ? MessageKind.SignUpLink : MessageKind.SignUp;
            await outbox.Put(db, application, plan.Handle, kind, composer.Compose(application, kind, plan.Locale, values));
            await audit.Add(db, entry);
            return new MailSent();
        });
    }

    /// <summary>601; or, where existence is hidden, the same <c>true</c> as for a new address and a mail to its owner, who may have had enough of them.</summary>
    private async Task<Result<SignupAnswer>> AnswerRegistered(DbConnection db, AppCaller caller, SignupPlan plan, AuditEntry entry, Error? hasHadItsMails)
    {
        if (!caller.Application.Settings.HideAccountExistence)
        {
            return ErrorCodes.HandleRegistered;
        }

        if (hasHadItsMails is null)
        {
            var body = composer.Compose(caller.Application, MessageKind.AccountExists, plan.Locale, new MacroValues(plan.Handle, caller.Client.Address));
            await outbox.Put(db, caller.Application, plan.Handle, MessageKind.AccountExists, body);
        }

        await audit.Add(db, entry.Refused(hasHadItsMails ?? ErrorCodes.HandleRegistered));
        return new MailSent();
    }

    /// <summary>Stores the request under a fresh code, drawn again in the rare case that the handle has it already.</summary>
    private async Task<string> Store(DbConnection db, AppCaller caller, SignupPlan plan, string hash)
    {
        var now = clock.Now();
        var flow = caller.Application.Settings.SignupFlow;
        while (true)
        {
            var code = flow == "link" ? Secrets.Token() : Secrets.SixDigits();
            var stored = await signups.Insert(db, new SignupRow
            {
                Id = Ids.New(clock),
                AppId = caller.Application.Id,
                Handle = plan.Handle,
                Flow = flow,
                CodeHash = CodeHashes(caller.Application.Id, plan.Handle, code)[0],
                PasswordHash = hash,
                PasswordPrehashed = plan.Password.Prehashed,
                Metadata = plan.Metadata,
                Locale = plan.Locale,
                UpgradesUserId = caller.Upgrading?.Id,
                CreatedAt = now,
                ExpiresAt = now + (long)Lifetime.TotalMilliseconds,
            });
            if (stored)
            {
                return code;
            }
        }
    }

    private string Link(string appToken, SignupPlan plan, string code) =>
        $"{installation.PublicUrl}/api/appuser/completeSignup?appToken={Uri.EscapeDataString(appToken)}&handle={Uri.EscapeDataString(plan.Handle)}&code={code}&locale={plan.Locale}";
}

/// <summary>A signup whose parameters were good.</summary>
public sealed record SignupPlan(string Handle, string Locale, PasswordInput Password, string Metadata);

/// <summary>How a signup went on.</summary>
public abstract record SignupAnswer;

/// <summary>A mail is on its way; the wire's <c>true</c>.</summary>
public sealed record MailSent : SignupAnswer;

/// <summary>Signup flow none: the user is there and logged in.</summary>
public sealed record Registered(SignedIn Tokens) : SignupAnswer;
