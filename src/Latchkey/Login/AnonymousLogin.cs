using System.Data.Common;
using Latchkey.Audit;
using Latchkey.Contract;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Registration;
using Latchkey.Sessions;
using Latchkey.Tenancy;
using Latchkey.Users;

namespace Latchkey.Login;

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

        var (opened, problem) = await database.Write<Result<SessionUser>>(async db =>
        {
            var (user, full) = await FindOrAdd(db, caller, handle);
            if (full is not null)
            {
                return full;
            }

            if (user!.IsSuspended)
            {
                return ErrorCodes.UserSuspended;
            }

            await audit.Add(db, new AuditEntry(application.Id, Action, handle.Text, caller.Client.Address));
            return new SessionUser(user, await signIn.Open(db, application, user, caller.Client.Address));
        });
        return problem is not null ? problem : signIn.Tokens(application, opened!.User, opened.Session);
    }

    private async Task<Result<User>> FindOrAdd(DbConnection db, AppCaller caller, Handle handle)
    {
        var appId = caller.Application.Id;
        if (await Locked(db, appId, handle) is { } known)
        {
            return known;
        }

        if (!await places.Take(db, caller.Application))
        {
            return ErrorCodes.TooManyUsers;
        }

        var now = clock.Now();
        var user = new User { Id = Ids.New(clock), AppId = appId, Handle = handle.Text, Anonymous = true, Origin = UserOrigin.Anonymous, CreatedAt = now, UpdatedAt = now };
        if (await users.Insert(db, user))
        {
            return user;
        }

        return await Locked(db, appId, handle) is { } faster ? faster : ErrorCodes.InvalidCredentials.Because("the user came and went");
    }

    /// <summary>The user, locked; null when there is none, or when it has become one with an address while we waited for it.</summary>
    private async Task<User?> Locked(DbConnection db, string appId, Handle handle) =>
        await users.ByHandle(db, appId, handle.Text) is { } known && await users.FindForUpdate(db, database.Dialect, appId, known.Id) is { Anonymous: true } locked ? locked : null;
}
