using System.Data.Common;
using System.Text.Json.Serialization;
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
public sealed class SecondFactor(Database database, UserStore users, UserCodeStore codeStore, UserCodes codes, GoogleTwoFactor google, InstallationTokens tokens, RateLimits limits, CodeTries tries, MessageLimits messages, MessageOutbox outbox, Composer composer, SignIn signIn, AuditStore audit, TimeProvider clock)
{
    private const string Action = "loginComplete";
    private const int MostTries = 5;

    public static bool IsRequired(Application application, User user) => ByGoogle(application, user) || ByPhone(application, user);

    /// <summary>700 when the user's number has had too many SMS; asked before the transaction of <see cref="Begin"/>.</summary>
    public async Task<Error?> TakeMessage(Application application, User user) =>
        ByPhone(application, user) ? await messages.TakeSms(application, user.Phone!) : null;

    /// <summary>A login token of ten minutes; for the phone, an SMS with its code. Part of the caller's transaction.</summary>
    public async Task<string> Begin(DbConnection db, Application application, User user, ClientAddress client)
    {
        UserCode step;
        if (ByPhone(application, user))
        {
            (step, var code) = await codes.Create(db, user, CodePurpose.Login);
            await tries.Renew(db, application.Id, CodePurpose.Login, user.Id);
            await outbox.Put(db, application, user.Phone!, MessageKind.Sms, composer.Compose(application, MessageKind.Sms, user.Locale, new MacroValues(user.Handle, client.Address, code)));
        }
        else
        {
            step = await codes.CreateWithoutCode(db, user, CodePurpose.Login);
        }

        return tokens.Write(new LoginToken(application.Id, user.Handle, step.Id, step.CreatedAt / 1000));
    }

    /// <summary>602 when the code is not six digits; 600 for a wrong, used or expired code or token; 404 for a suspended user; 700 after too many tries.</summary>
    public async Task<Result<SignedIn>> Complete(AppCaller caller, string loginToken, string code)
    {
        var (opened, refused) = await Try(caller, loginToken, code);
        return refused is not null ? refused : signIn.Tokens(caller.Application, opened!.User, opened.Session);
    }

    private async Task<Result<SessionUser>> Try(AppCaller caller, string loginToken, string code)
    {
        var application = caller.Application;
        if (!CodeTries.IsCode(code))
        {
            return ErrorCodes.InvalidData.Because("not a code");
        }

        if (tokens.ReadLogin(loginToken) is not { } token || token.AppId != application.Id)
        {
            return ErrorCodes.InvalidCredentials.Because("not a login token of this application");
        }

        // The try is spent whatever comes of it; the token's own are all that a guess is held against.
        var step = await database.Write(db => codeStore.TakeTry(db, application.Id, token.Id, CodePurpose.Login, MostTries, clock.Now()));
        if (step is null)
        {
            return ErrorCodes.InvalidCredentials.Because("the login token is used, expired or out of tries");
        }

        var tooMany = step.CodeHash.Length == 0
            ? await limits.Take(application.Id, new Try(DefaultLimits.TotpTries, step.UserId))
            : await tries.Take(application.Id, CodePurpose.Login, step.UserId, caller.Client, _ => Task.CompletedTask);
        return tooMany is not null ? tooMany : await database.Write(db => Store(db, caller, step, code));
    }

    private async Task<Result<SessionUser>> Store(DbConnection db, AppCaller caller, UserCode step, string code)
    {
        var application = caller.Application;
        if (await users.FindForUpdate(db, database.Dialect, application.Id, step.UserId) is not { } user)
        {
            return ErrorCodes.InvalidCredentials.Because("the user is gone");
        }

        var isRight = step.CodeHash.Length == 0 ? await google.Accepts(db, user, code) : codes.Matches(step, user, code);
        if (!isRight || !await codeStore.Use(db, application.Id, step.Id, clock.Now()))
        {
            return ErrorCodes.InvalidCredentials.Because("wrong or used code");
        }

        if (user.IsSuspended)
        {
            return ErrorCodes.UserSuspended;
        }

        if (step.CodeHash.Length > 0)
        {
            await tries.Clear(db, application.Id, CodePurpose.Login, user.Id, caller.Client);
        }

        await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address));
        return new SessionUser(user, await signIn.Open(db, application, user, caller.Client.Address));
    }

    private static bool ByGoogle(Application application, User user) =>
        application.Settings.TwoFactorVerification == "google" && user is { TwoFactorGoogle: true, TotpSeedSealed: not null };

    private static bool ByPhone(Application application, User user) =>
        application.Settings.TwoFactorVerification == "phone" && user is { TwoFactorPhone: true, Phone: not null };
}

/// <summary>What login answers before a second factor.</summary>
public sealed record LoginTokenAnswer([property: JsonPropertyName("login-token")] string LoginToken);
