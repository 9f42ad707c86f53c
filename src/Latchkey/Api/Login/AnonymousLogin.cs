using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Users;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Login;

/// <summary>Users without an address. Their handle is their only credential.</summary>
public sealed class AnonymousLogin(
    Database database,
    UserStore users,
    UserQuota quota,
    SignIn signIn,
    RateLimits limits,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Action = "loginAnonymous";

    /// <summary>600 if it is not an anonymous handle, 404 if the user is suspended. An unknown user is created.</summary>
    public async Task<Result<TokenResponse>> LogIn(AppCaller caller, string rawHandle)
    {
        var application = caller.Application;
        if (Handle.ParseAnonymous(rawHandle).Failed(out var handle, out var refused))
        {
            return refused;
        }

        var known = await database.Read(db => users.FindByHandle(db, application.Id, handle.Text));
        var rateLimit = known is null
            ? new RateLimitRequest(
                DefaultLimits.AnonymousUsersPerNetwork with
                {
                    PermitLimit = application.Settings.AnonymousUsersPerHour,
                },
                caller.Client.Network
            )
            : new RateLimitRequest(DefaultLimits.AnonymousLogins, handle.Text);
        if (await limits.TryAcquire(application.Id, rateLimit) is { } tooMany)
        {
            return tooMany;
        }

        var isFirstRun = true;
        var written = await database.Write<Result<Task<TokenResponse>>>(async db =>
        {
            var existing = isFirstRun ? known : await users.FindByHandle(db, application.Id, handle.Text);
            isFirstRun = false; // if this runs again, somebody was faster
            if (
                (existing is null ? await CreateUser(db, application, handle) : await FindLocked(db, application.Id, existing.Id)).Failed(
                    out var user,
                    out var refusal
                )
            )
            {
                return refusal;
            }

            await audit.Add(db, new AuditEntry(application.Id, Action, handle.Text, caller.Client.Address));
            return signIn.IssueTokensInBackground(
                application,
                user,
                await signIn.Open(db, application, user, caller.Client, methods: "", isRecorded: existing is null)
            );
        });
        return written.Failed(out var tokens, out var problem) ? problem : await tokens;
    }

    /// <summary>A new user, whose row says that it has logged in now.</summary>
    private async Task<Result<User>> CreateUser(DbConnection db, Application application, Handle handle)
    {
        if (!await quota.TryAcquire(db, application))
        {
            return ErrorCodes.TooManyUsers;
        }

        var now = clock.Now();
        var user = new User
        {
            Id = Ids.New(clock),
            AppId = application.Id,
            Handle = handle.Text,
            Anonymous = true,
            Origin = UserOrigin.Anonymous,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await users.InsertDeferred(db, user with { LastLoginAt = now });
        return user;
    }

    /// <summary>An existing user with its row locked. Fails if it is suspended, deleted, or now has an address.</summary>
    private async Task<Result<User>> FindLocked(DbConnection db, string appId, string id) =>
        await users.FindForUpdate(db, database.Dialect, appId, id) switch
        {
            { Anonymous: true, IsSuspended: true } => ErrorCodes.UserSuspended,
            { Anonymous: true } user => user,
            _ => ErrorCodes.InvalidCredentials.WithCause("the user came and went"),
        };
}
