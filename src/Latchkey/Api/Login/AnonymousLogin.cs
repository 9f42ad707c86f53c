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
public sealed class AnonymousLogin(Database database, UserStore users, UserPlaces places, SignIn signIn, RateLimits limits, AuditStore audit, TimeProvider clock)
{
    private const string Action = "loginAnonymous";

    /// <summary>600 when it is not an anonymous handle, 404 when the user is suspended; an unknown one is made.</summary>
    public async Task<Result<SignedIn>> LogIn(AppCaller caller, string rawHandle)
    {
        var application = caller.Application;
        var (handle, refused) = Handle.Anonymous(rawHandle);
        if (refused is not null)
        {
            return refused;
        }

        var known = await database.Read(db => users.ByHandle(db, application.Id, handle.Text));
        var bound = known is null ? new Try(DefaultLimits.AnonymousUsersOfNetwork with { Most = application.Settings.AnonymousUsersPerHour }, caller.Client.Network) : new Try(DefaultLimits.AnonymousLogins, handle.Text);
        if (await limits.Take(application.Id, bound) is { } tooMany)
        {
            return tooMany;
        }

        var hasLooked = true;
        Task<SignedIn>? signing = null;
        var written = await database.Write<Result<Done>>(async db =>
        {
            var seen = hasLooked ? known : await users.ByHandle(db, application.Id, handle.Text);
            hasLooked = false; // if this runs again, somebody was faster
            var (user, refusal) = seen is null ? await Add(db, application, handle) : await Locked(db, application.Id, seen.Id);
            if (refusal is not null)
            {
                return refusal;
            }

            await audit.Add(db, new AuditEntry(application.Id, Action, handle.Text, caller.Client.Address));
            signing = signIn.Sign(application, user!, await signIn.Open(db, application, user!, caller.Client.Address, isRecorded: seen is null));
            return default(Done);
        });
        return written.Error is { } problem ? problem : await signing!;
    }

    /// <summary>A new user, whose row says that it has logged in now.</summary>
    private async Task<Result<User>> Add(DbConnection db, Application application, Handle handle)
    {
        if (!await places.Take(db, application))
        {
            return ErrorCodes.TooManyUsers;
        }

        var now = clock.Now();
        var user = new User { Id = Ids.New(clock), AppId = application.Id, Handle = handle.Text, Anonymous = true, Origin = UserOrigin.Anonymous, CreatedAt = now, UpdatedAt = now };
        await users.InsertFree(db, user with { LastLoginAt = now });
        return user;
    }

    /// <summary>A user who was there, locked, unless it is suspended, gone, or has become one with an address.</summary>
    private async Task<Result<User>> Locked(DbConnection db, string appId, string id) =>
        await users.FindForUpdate(db, database.Dialect, appId, id) switch
        {
            { Anonymous: true, IsSuspended: true } => ErrorCodes.UserSuspended,
            { Anonymous: true } user => user,
            _ => ErrorCodes.InvalidCredentials.Because("the user came and went"),
        };
}
