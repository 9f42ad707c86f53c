using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Activity.Usage;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Registration;

/// <summary>
/// Registers a user, for every way of signing up: inserts or upgrades the row, opens a session, queues the welcome mail, logs.
/// </summary>
public sealed class UserRegistration(
    Database database,
    UserStore users,
    UserQuota quota,
    SignupStore signups,
    SessionStore sessions,
    SignIn signIn,
    UserMessenger messenger,
    AuditStore audit,
    UsageStore usage,
    TimeProvider clock
)
{
    /// <summary>Runs in the caller's transaction; 601 when the handle is taken, 704 when the application is full.</summary>
    public async Task<Result<RegisteredUser>> Register(
        DbConnection db,
        Application application,
        ClientAddress client,
        NewUser newUser,
        bool opensSession = true
    )
    {
        if ((await Store(db, application, newUser, client)).Failed(out var user, out var refused))
        {
            return refused;
        }

        // Earlier unconfirmed requests for this address are superseded: their codes and links stop working.
        await signups.SupersedeOthers(db, application.Id, user.Handle);
        var session = opensSession
            ? await signIn.Open(db, application, user, client, newUser.Methods, isLogin: false, provedAt: newUser.ProvedAt)
            : null;
        if (newUser.SendsWelcomeMail)
        {
            await messenger.Enqueue(
                db,
                application,
                user.Handle,
                MessageKind.SignUpSuccess,
                user.Locale,
                new MacroValues(user.Handle, client.Address)
            );
        }

        await audit.Add(db, new AuditEntry(application.Id, newUser.Action, user.Handle, client.Address));
        await CountSignup(db, user);
        return new RegisteredUser(user, session);
    }

    /// <summary>Issues the tokens of the new session. Call it after the transaction.</summary>
    public TokenResponse IssueTokens(Application application, RegisteredUser registered) =>
        signIn.IssueTokens(application, registered.User, SessionOf(registered));

    /// <summary>As <see cref="IssueTokens"/>, where the user has proved the address by a code.</summary>
    public RegistrationTokenResponse IssueRegistrationTokens(Application application, RegisteredUser registered) =>
        signIn.IssueRegistrationTokens(application, registered.User, SessionOf(registered));

    /// <summary>For an upgraded anonymous user, activity is counted from its last login, not as new.</summary>
    private async Task CountSignup(DbConnection db, User user)
    {
        var now = clock.Now();
        await usage.CountActivity(db, user.AppId, user.Id, now, [UsageKind.Signup, .. UserActivity.UsageKindsFor(user.LastLoginAt, now)]);
        if (user.LastLoginAt is not null)
        {
            await users.RecordLogin(db, user.AppId, user.Id, now);
        }
    }

    /// <summary>The new session of a user who was registered with one.</summary>
    public static Session SessionOf(RegisteredUser registered) =>
        registered.Session ?? throw new InvalidOperationException("the registration opened no session");

    private async Task<Result<User>> Store(DbConnection db, Application application, NewUser newUser, ClientAddress client)
    {
        var now = clock.Now();
        var user = new User
        {
            Id = Ids.New(clock),
            AppId = application.Id,
            Handle = newUser.Handle,
            Origin = newUser.Origin,
            Locale = newUser.Locale,
            EmailVerified = newUser.EmailVerified,
            PasswordHash = newUser.PasswordHash,
            PasswordPrehashed = newUser.PasswordPrehashed,
            Metadata = newUser.Metadata,
            InviteMetadata = newUser.InviteMetadata,
            LoginProvider = newUser.LoginProvider,
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (await UpgradeAnonymous(db, user, newUser, client) is { } upgraded)
        {
            return upgraded;
        }

        if (newUser.MustUpgrade)
        {
            return await users.HandleExists(db, application.Id, user.Handle)
                ? ErrorCodes.HandleRegistered
                : ErrorCodes.InvalidAccessToken.WithCause("its anonymous user was upgraded already");
        }

        // From here on a user is added. Lock order: the anonymous user first, then the quota.
        return !await quota.TryAcquire(db, application) ? ErrorCodes.TooManyUsers
            : await users.Insert(db, user) ? user
            : ErrorCodes.HandleRegistered;
    }

    /// <summary>Upgrades the anonymous user to the new handle; keeps id, name and own metadata, and ends its sessions.</summary>
    private async Task<User?> UpgradeAnonymous(DbConnection db, User user, NewUser newUser, ClientAddress client)
    {
        if (
            newUser.UpgradesUserId is null
            || await users.FindForUpdate(db, database.Dialect, user.AppId, newUser.UpgradesUserId) is not { Anonymous: true } anonymous
            || await users.HandleExists(db, user.AppId, user.Handle)
        )
        {
            return null;
        }

        // What is new comes first: it was checked with the signup. What the anonymous user had fills up the rest.
        var merged = Metadata.Fitting(Metadata.Read(user.Metadata).Concat(Metadata.Read(anonymous.Metadata)));
        var upgraded = user with
        {
            Id = anonymous.Id,
            UserName = anonymous.UserName,
            CreatedAt = anonymous.CreatedAt,
            LastLoginAt = anonymous.LastLoginAt,
            Metadata = Metadata.Write(merged),
        };
        if (!await users.Upgrade(db, upgraded))
        {
            return null;
        }

        await sessions.EndAll(db, user.AppId, anonymous.Id, new(SessionEndReason.Upgraded, client.Address, user.UpdatedAt));
        return upgraded;
    }
}
