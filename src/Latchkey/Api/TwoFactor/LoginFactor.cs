using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>loginFactor: sends the SMS of a login whose user has several factors, or sends it again.</summary>
public sealed class LoginFactor(
    Database database,
    UserStore users,
    UserCodes codes,
    FactorSms sms,
    InstallationTokens tokens,
    AuditStore audit
)
{
    private const string Action = "loginFactor";

    /// <summary>
    /// 600 for a login token that is used, expired or not of this application, 404 for a suspended user, 410 when the user has no factor by
    /// SMS or the login began with one, 700 when the number has had too many SMS.
    /// </summary>
    public async Task<Result<Done>> Send(AppCaller caller, string loginToken)
    {
        var application = caller.Application;
        if (
            tokens.ReadLogin(loginToken) is not { } token
            || token.AppId != application.Id
            || await database.Read(db => codes.FindActive(db, application.Id, token.Id, CodePurpose.Login)) is not { } step
            || await database.Read(db => users.Find(db, application.Id, step.UserId)) is not { } user
        )
        {
            return ErrorCodes.InvalidCredentials.WithCause("not a login token that waits for a code");
        }

        if (
            user.IsSuspended
            || user.Phone is not { } phone
            || FactorMethod.Sms.IsUsedUp(step.Detail)
            || !FactorMethods.Of(application.Settings, user).Contains(FactorMethod.Sms)
        )
        {
            return user.IsSuspended ? ErrorCodes.UserSuspended : ErrorCodes.NoVerifiedPhone;
        }

        if (await sms.TryAcquire(application, phone) is { } tooMany)
        {
            return tooMany;
        }

        var sent = await database.Write<Result<Done>>(async db =>
        {
            // The user's row is locked first, as at login; the number may have changed meanwhile.
            if (await users.FindForUpdate(db, database.Dialect, application.Id, user.Id) is not { } locked || locked.Phone != phone)
            {
                return ErrorCodes.InvalidCredentials.WithCause("the user changed meanwhile");
            }

            await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address));
            return await sms.Send(db, application, locked, step, caller.Client);
        });
        sms.Wake();
        return sent;
    }
}
