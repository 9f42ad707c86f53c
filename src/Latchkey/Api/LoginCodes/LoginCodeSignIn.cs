using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Users;
using Latchkey.Users.LoginCodes;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.LoginCodes;

/// <summary>
/// Signs a user in whose code was right, or asks for the second factor. A mailed code also proves the address: if nobody had proved it
/// before, what was set until then is removed (<see cref="EarlierOwner"/>).
/// </summary>
public sealed class LoginCodeSignIn(
    Database database,
    UserStore users,
    UserLoginCodes codes,
    SecondFactor secondFactor,
    EarlierOwner earlierOwner,
    SignIn signIn,
    LoginCodeAttempts attempts,
    PasswordAttempts passwordAttempts,
    AuditStore audit
)
{
    public const string Action = "loginCodeComplete";

    /// <summary>
    /// 404 for a suspended user, or one whose password must be reset; 731 when the code was used or the user changed meanwhile; 600 when
    /// the phone is also the only second factor; 700 when the second factor's SMS cannot be sent.
    /// </summary>
    public async Task<Result<LoginResult>> Open(AppCaller caller, LoginCode request, User user, string? deviceToken)
    {
        var application = caller.Application;
        var isFirstProof = !request.IsSms && !user.EmailVerified;
        var now = isFirstProof ? EarlierOwner.Without(user) : user;
        if ((await FindDemand(caller, request, now, isFirstProof ? null : deviceToken)).Failed(out var demand, out var refused))
        {
            return refused;
        }

        if ((await database.Write(db => Store(db, caller, request, user, demand))).Failed(out var opened, out var problem))
        {
            return problem;
        }

        return opened switch
        {
            { LoginToken: { } token } => new SecondFactorRequired(token),
            { Session: { } session } => new LoggedIn(opened.User, session),
            _ => throw new InvalidOperationException("neither a session nor a login token"),
        };
    }

    private async Task<Result<FactorDemand>> FindDemand(AppCaller caller, LoginCode request, User user, string? deviceToken)
    {
        var application = caller.Application;
        return user.IsSuspended ? ErrorCodes.UserSuspended
            : user.FailedCodes >= CodeGuessing.ForcesReset ? ErrorCodes.UserSuspended.WithCause("locked")
            : (
                request.IsSms
                    ? await secondFactor.FindDemandAfterSms(application, user, deviceToken)
                    : await secondFactor.FindDemand(application, user, deviceToken)
            ).Failed(out var wanted, out var refused)
                ? refused
            : await secondFactor.TryAcquireMessage(application, user, wanted);
    }

    private async Task<Result<Opened>> Store(DbConnection db, AppCaller caller, LoginCode request, User seen, FactorDemand demand)
    {
        var (application, client) = (caller.Application, caller.Client);
        if (await users.FindForUpdate(db, database.Dialect, application.Id, seen.Id) is not { IsSuspended: false } user)
        {
            return ErrorCodes.UserSuspended;
        }

        var isFirstProof = !request.IsSms && !user.EmailVerified;
        if (
            user.EmailVerified != seen.EmailVerified
            || (request.IsSms && user.Phone != request.Handle)
            || await secondFactor.IsOutdated(db, application, isFirstProof ? EarlierOwner.Without(user) : user, demand)
        )
        {
            return ErrorCodes.LoginCodeEnded.WithCause("the user changed meanwhile");
        }

        if (!await codes.MarkUsed(db, request))
        {
            return ErrorCodes.LoginCodeEnded.WithCause("used meanwhile");
        }

        user = isFirstProof ? await earlierOwner.Remove(db, application, user, client) : user;
        await attempts.Clear(db, application.Id, request.Handle, client);
        await passwordAttempts.TrustNetwork(db, application.Id, user.Handle, client);
        await audit.Add(
            db,
            new AuditEntry(application.Id, Action, user.Handle, client.Address) { Detail = Describe(demand, isFirstProof) }
        );
        var method = request.IsSms ? AuthenticationMethods.Sms : AuthenticationMethods.Mail;
        if (!demand.IsNeeded)
        {
            return new Opened(user, await signIn.Open(db, application, user, client, method), null);
        }

        var begun = await secondFactor.Begin(db, application, user, client, demand, method);
        return begun.Failed(out var token, out var full) ? full : new Opened(user, null, token);
    }

    private static string Describe(FactorDemand demand, bool isFirstProof) =>
        string.Join(
            "; ",
            new[] { isFirstProof ? "first proof of the address: what was set before is removed" : "", demand.Describe() }.Where(text =>
                text.Length > 0
            )
        );

    private sealed record Opened(User User, Session? Session, LoginTokenAnswer? LoginToken);
}
