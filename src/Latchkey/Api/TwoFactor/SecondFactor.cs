using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>The step between the password and the tokens, for users who switched it on in an application that offers it.</summary>
public sealed class SecondFactor(
    Database database,
    UserStore users,
    UserCodeStore codeStore,
    UserCodes codes,
    GoogleTwoFactor google,
    InstallationTokens tokens,
    RateLimits limits,
    CodeAttempts attempts,
    MessageLimits messages,
    MessageOutbox outbox,
    MessageComposer composer,
    SignIn signIn,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Action = "loginComplete";
    private const int MaxAttempts = 5;

    public static bool IsRequired(Application application, User user) =>
        UsesAuthenticator(application, user) || PhoneOf(application, user) is not null;

    /// <summary>700 when the user's number has had too many SMS; asked before the transaction of <see cref="Begin"/>.</summary>
    public async Task<Error?> TryAcquireMessage(Application application, User user) =>
        PhoneOf(application, user) is { } phone ? await messages.TryAcquireSms(application, phone) : null;

    /// <summary>A login token of ten minutes; for the phone, an SMS with its code. Part of the caller's transaction.</summary>
    public async Task<string> Begin(DbConnection db, Application application, User user, ClientAddress client)
    {
        UserCode step;
        if (PhoneOf(application, user) is { } phone)
        {
            (step, var code) = await codes.Create(db, user, CodePurpose.Login);
            await attempts.BeginNewCode(db, application.Id, CodePurpose.Login, user.Id);
            await outbox.Enqueue(
                db,
                application,
                phone,
                MessageKind.Sms,
                composer.Compose(application, MessageKind.Sms, user.Locale, new MacroValues(user.Handle, client.Address, code))
            );
        }
        else
        {
            step = await codes.CreateWithoutCode(db, user, CodePurpose.Login);
        }

        return tokens.Write(new LoginToken(application.Id, user.Handle, step.Id, step.CreatedAt / 1000));
    }

    /// <summary>
    /// 602 when the code is not six digits; 600 for a wrong, used or expired code or token; 404 for a suspended user; 700 after too many
    /// tries.
    /// </summary>
    public async Task<Result<TokenResponse>> Complete(AppCaller caller, string loginToken, string code)
    {
        return (await TryComplete(caller, loginToken, code)).Failed(out var opened, out var refused)
            ? refused
            : signIn.IssueTokens(caller.Application, opened.User, opened.Session);
    }

    private async Task<Result<SessionUser>> TryComplete(AppCaller caller, string loginToken, string code)
    {
        var application = caller.Application;
        if (!CodeAttempts.IsCode(code))
        {
            return ErrorCodes.InvalidData.WithCause("not a code");
        }

        if (tokens.ReadLogin(loginToken) is not { } token || token.AppId != application.Id)
        {
            return ErrorCodes.InvalidCredentials.WithCause("not a login token of this application");
        }

        // The try is spent whatever comes of it; the token's own are all that a guess is held against.
        var step = await database.Write(db =>
            codeStore.TryAcquireAttempt(db, application.Id, token.Id, CodePurpose.Login, MaxAttempts, clock.Now())
        );
        if (step is null)
        {
            return ErrorCodes.InvalidCredentials.WithCause("the login token is used, expired or out of tries");
        }

        var tooMany =
            step.CodeHash.Length == 0
                ? await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.TotpAttempts, step.UserId))
                : await attempts.TryAcquire(application.Id, CodePurpose.Login, step.UserId, caller.Client, _ => Task.CompletedTask);
        return tooMany is not null ? tooMany : await database.Write(db => Store(db, caller, step, code));
    }

    private async Task<Result<SessionUser>> Store(DbConnection db, AppCaller caller, UserCode step, string code)
    {
        var application = caller.Application;
        if (await users.FindForUpdate(db, database.Dialect, application.Id, step.UserId) is not { } user)
        {
            return ErrorCodes.InvalidCredentials.WithCause("the user is gone");
        }

        var isRight = step.CodeHash.Length == 0 ? await google.VerifyCode(db, user, code) : codes.Matches(step, user, code);
        if (!isRight || !await codeStore.MarkUsed(db, application.Id, step.Id, clock.Now()))
        {
            return ErrorCodes.InvalidCredentials.WithCause("wrong or used code");
        }

        if (user.IsSuspended)
        {
            return ErrorCodes.UserSuspended;
        }

        if (step.CodeHash.Length > 0)
        {
            await attempts.Clear(db, application.Id, CodePurpose.Login, user.Id, caller.Client);
        }

        await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address));
        return new SessionUser(user, await signIn.Open(db, application, user, caller.Client.Address));
    }

    private static bool UsesAuthenticator(Application application, User user) =>
        application.Settings.TwoFactorVerification == "google" && user is { TwoFactorGoogle: true, TotpSeedSealed: not null };

    /// <summary>The number that a user's second factor goes to; null when it is not the phone.</summary>
    private static string? PhoneOf(Application application, User user) =>
        application.Settings.TwoFactorVerification == "phone" && user.TwoFactorPhone ? user.Phone : null;
}
