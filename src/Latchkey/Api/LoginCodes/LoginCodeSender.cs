using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.LoginCodes;
using Latchkey.Users.Registration;

namespace Latchkey.Api.LoginCodes;

/// <summary>Sends the code of a request: to the user who has the address or number, or to an address that may sign up.</summary>
public sealed class LoginCodeSender(
    Database database,
    UserStore users,
    UserQuota quota,
    UserLoginCodes codes,
    MailedLink links,
    MessageLimits messages,
    UserMessenger messenger,
    AuditStore audit
)
{
    public const string Action = "loginCode";

    /// <summary>Wakes the outbox worker. Call it after the transaction.</summary>
    public void Wake() => messenger.Wake();

    /// <summary>
    /// 603 for an unknown address or number, or a number that is the user's only second factor; 604, 704 if it cannot sign up; 404 for a
    /// suspended user or one whose password must be reset; 700 if the application cannot send. Runs in the caller's transaction.
    /// </summary>
    public async Task<Result<Done>> Send(DbConnection db, Application application, LoginCode request, string appToken) =>
        await Send(db, application, request, await Find(db, request), appToken);

    /// <summary>As <see cref="Send(DbConnection, Application, LoginCode, string)"/>. The log has the reason why no code is sent.</summary>
    public async Task SendSilently(DbConnection db, Application application, LoginCode request, string appToken)
    {
        var user = await Find(db, request);
        var sent =
            user is not null
            && !request.IsSms
            && await messages.TryAcquireSilently(db, application, user.Handle, request.Network) is { } tooMany
                ? tooMany
                : await Send(db, application, request, user, appToken);
        if (sent.Error is { } refused)
        {
            await audit.Add(db, Entry(request, user).Refused(refused));
        }
    }

    private async Task<Result<Done>> Send(DbConnection db, Application application, LoginCode request, User? user, string appToken)
    {
        if ((user is null ? await RefuseSignup(db, application, request) : Refuse(application.Settings, user, request)) is { } refused)
        {
            return refused;
        }

        if (user is not null && await users.FindForUpdate(db, database.Dialect, application.Id, user.Id) is null)
        {
            return ErrorCodes.AccountNotFound;
        }

        // The user's row is locked first, as everywhere: the budget's row is the application's.
        if (await messages.Charge(db, application, PurposeOf(request, user), request.Handle) is { } noBudget)
        {
            return noBudget;
        }

        return await Issue(db, application, request, user, appToken);
    }

    /// <summary>
    /// Sends a code to whoever has the address, to prove that it is theirs and no more. 700 if the application cannot send. Runs in the
    /// caller's transaction.
    /// </summary>
    public async Task<Result<Done>> SendProof(DbConnection db, Application application, LoginCode request, string appToken) =>
        await messages.Charge(db, application, MessagePurpose.ForStranger(request.Network), request.Handle) is { } noBudget
            ? noBudget
            : await Issue(db, application, request, user: null, appToken);

    private async Task<Result<Done>> Issue(DbConnection db, Application application, LoginCode request, User? user, string appToken)
    {
        var (code, linkToken) = await codes.Issue(db, request, user?.Id);
        var locale = user?.Locale ?? request.Locale;
        var values = new MacroValues(
            user?.Handle ?? request.Handle,
            request.Client,
            code,
            CreateLink(application.Settings, request, appToken, linkToken, locale),
            ExpiresAt: request.ExpiresAt
        );
        var kind = request.IsSms ? MessageKind.LoginCodeSms : MessageKind.LoginCode;
        await messenger.Enqueue(db, application, request.Handle, kind, locale, values);
        await audit.Add(db, Entry(request, user));
        return default(Done);
    }

    private static Error? Refuse(ApplicationSettings settings, User user, LoginCode request) =>
        user.IsSuspended ? ErrorCodes.UserSuspended
        : user.FailedCodes >= CodeGuessing.ForcesReset ? ErrorCodes.UserSuspended.WithCause("locked")
        : request.IsSms && FactorMethods.Of(settings, user) is [FactorMethod.Sms]
            ? ErrorCodes.AccountNotFound.WithCause("the phone is the user's only second factor")
        : null;

    private async Task<Error?> RefuseSignup(DbConnection db, Application application, LoginCode request) =>
        request.IsSms || !application.Settings.CodesSignUp ? ErrorCodes.AccountNotFound
        : request.Metadata is null ? ErrorCodes.InvalidMetadata.WithCause("required fields are missing")
        : await quota.IsFull(db, application) ? ErrorCodes.TooManyUsers
        : null;

    private string CreateLink(ApplicationSettings settings, LoginCode request, string appToken, string linkToken, string locale) =>
        settings.LoginLinkUrl.Length > 0
            ? LoginLink.Create(settings.LoginLinkUrl, linkToken, request.Handle)
            : links.Create(Action, appToken, request.Handle, linkToken, locale);

    private static MessagePurpose PurposeOf(LoginCode request, User? user) =>
        request.IsSms ? MessagePurpose.SmsForUser(request.Network)
        : user is null ? MessagePurpose.ForStranger(request.Network)
        : MessagePurpose.ForUser(request.Network);

    /// <summary>Null for an unknown address or number.</summary>
    private Task<User?> Find(DbConnection db, LoginCode request) =>
        request.IsSms ? users.FindByPhone(db, request.AppId, request.Handle) : users.FindByHandle(db, request.AppId, request.Handle);

    /// <summary>A number stands in the log by its user's address only.</summary>
    private static AuditEntry Entry(LoginCode request, User? user) =>
        new(request.AppId, Action, user?.Handle ?? (request.IsSms ? "" : request.Handle), request.Client)
        {
            Detail = request.IsSms ? "by SMS" : "by mail",
        };
}
