using System.Data.Common;
using System.Globalization;
using System.Text;
using Latchkey.Applications;
using Latchkey.Audit;
using Latchkey.Contract;
using Latchkey.Data;
using Latchkey.Messages;
using Latchkey.Passwords;
using Latchkey.Registration;
using Latchkey.Sessions;
using Latchkey.Tokens;
using Latchkey.Users;

namespace Latchkey.UserAdmin;

/// <summary>What developers and operators do with an application's users; the portal and the command line both call it.</summary>
public sealed class UserAdministration(Database database, UserStore users, SessionStore sessions, UserCodeStore codeStore, UserCodes codes, SignupStore signups, UserRegistration registration, PasswordHasher hasher, Notices notices, Outbox outbox, Composer composer, AuditStore audit, TimeProvider clock)
{
    /// <summary>A page of users, newest first, and the cursor of the next one (null on the last).</summary>
    public async Task<(IReadOnlyList<User> Users, string? Next)> List(string appId, string search, string status, string? cursor, int size)
    {
        if (!Field.IsStorable(search))
        {
            return ([], null); // no stored text holds what a text cannot hold
        }

        var after = ReadCursor(cursor);
        var page = await database.Read(db => users.Page(db, appId, new UserQuery(search, status, after.CreatedAt, after.Id), size));
        return page.Count <= size ? (page, null) : ([.. page.Take(size)], WriteCursor(page[size - 1]));
    }

    public Task<long> Count(string appId) => database.Read(db => users.Count(db, appId));

    /// <summary>By id, e-mail address, anonymous handle or user name.</summary>
    public Task<User?> Find(string appId, string who) => !Field.IsStorable(who) ? Task.FromResult<User?>(null) :
        database.Read(async db =>
            await users.Find(db, appId, who.Trim())
            ?? await users.ByHandle(db, appId, Handle.Stored(who.Trim()).IsAnonymous ? who.Trim() : Handle.Normalise(who))
            ?? await users.ByUserName(db, appId, who.Trim().ToLowerInvariant()));

    /// <summary>Adds a user whose address counts as verified; 601, 602, 604, 702, 704 as signup.</summary>
    public async Task<Result<User>> Add(Application application, string rawHandle, RawPassword password, string? metaData, string? locale, string actor)
    {
        var (handle, notAnAddress) = Handle.Email(rawHandle);
        if (notAnAddress is not null)
        {
            return notAnAddress with { Message = "The handle is not an e-mail address." };
        }

        var (chosen, noLocale) = Locales.Choose(application.Settings, locale);
        if (noLocale is not null)
        {
            return noLocale with { Message = "The application does not offer this locale." };
        }

        var (input, badPassword) = PasswordPolicy.Accept(application.Settings, password);
        if (badPassword is not null)
        {
            return badPassword with { Message = $"The password is refused: {badPassword.Cause}." };
        }

        var (values, badMetadata) = Metadata.Take(application.Settings.MetaData, metaData);
        if (badMetadata is not null)
        {
            return badMetadata with { Message = $"The metadata is refused: {badMetadata.Cause}." };
        }

        var (hash, busy) = await hasher.Hash(application.Id, input);
        if (busy is not null)
        {
            return busy;
        }

        var now = clock.Now();
        var user = new User
        {
            Id = Ids.New(clock),
            AppId = application.Id,
            Handle = handle.Text,
            Origin = UserOrigin.Portal,
            Locale = chosen!,
            EmailVerified = true,
            PasswordHash = hash,
            PasswordPrehashed = input.Prehashed,
            Metadata = Metadata.Write(values!),
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await database.Write<Result<User>>(async db =>
        {
            if (await registration.IsFull(db, application))
            {
                return ErrorCodes.TooManyUsers;
            }

            if (!await users.Insert(db, user))
            {
                return ErrorCodes.HandleRegistered with { Message = "The application has a user with this handle." };
            }

            await Record(db, user, "addUser", actor);
            return user;
        });
    }

    /// <summary>The user is out at its next request, and stays out.</summary>
    public Task<Result<Done>> Suspend(User user, string actor) =>
        Change(user, "suspendUser", actor, async db =>
        {
            await users.SetStatus(db, user.AppId, user.Id, UserStatus.Suspended, clock.Now());
            await sessions.EndAll(db, user.AppId, user.Id, clock.Now());
            await codeStore.EndAll(db, user.AppId, user.Id, clock.Now());
        });

    /// <summary>The user may log in again; no old session comes back.</summary>
    public Task<Result<Done>> Activate(User user, string actor) =>
        Change(user, "activateUser", actor, db => users.SetStatus(db, user.AppId, user.Id, UserStatus.Active, clock.Now()));

    public Task<Result<Done>> Delete(User user, string actor) =>
        Change(user, "deleteUser", actor, async db =>
        {
            await users.Delete(db, user.AppId, user.Id);
            await signups.DeleteOf(db, user.AppId, user.Handle);
        });

    /// <summary>Sets a password, ends all sessions, unlocks the user and tells it by mail.</summary>
    public async Task<Result<Done>> SetPassword(Application application, User user, RawPassword password, string actor)
    {
        var (input, refused) = PasswordPolicy.Accept(application.Settings, password);
        if (refused is not null)
        {
            return refused with { Message = $"The password is refused: {refused.Cause}." };
        }

        var (hash, busy) = await hasher.Hash(application.Id, input);
        if (busy is not null)
        {
            return busy;
        }

        return await Change(user, "resetPassword", actor, async db =>
        {
            var now = clock.Now();
            await users.SetPassword(db, user.AppId, user.Id, null, hash!, input.Prehashed, now);
            await sessions.EndAll(db, user.AppId, user.Id, now);
            await codeStore.EndAll(db, user.AppId, user.Id, now);
            if (!user.Anonymous)
            {
                await notices.Tell(db, application, user, MessageKind.PasswordChanged, application.Name);
            }
        });
    }

    /// <summary>Mails a code for a new password; 611/612 for a user who has none because it came by Apple or Google.</summary>
    public async Task<Result<Done>> MailResetCode(Application application, User user, string actor)
    {
        if (user.Anonymous || (user.PasswordHash is null && user.LoginProvider.Length > 0))
        {
            return user.LoginProvider == SocialProvider.Apple ? ErrorCodes.AppleAccountExists : user.LoginProvider == SocialProvider.Google ? ErrorCodes.GoogleAccountExists : ErrorCodes.InvalidData.Because("an anonymous user has no address");
        }

        return await Change(user, "resetPassword", actor, async db =>
        {
            var (_, code) = await codes.Create(db, user, CodePurpose.Reset);
            var body = composer.Compose(application, MessageKind.ResetPassword, user.Locale, new MacroValues(user.Handle, application.Name, code));
            await outbox.Put(db, application, user.Handle, MessageKind.ResetPassword, body);
        });
    }

    public Task<Result<Done>> SignOut(User user, string actor) =>
        Change(user, "signOutUser", actor, async db =>
        {
            await sessions.EndAll(db, user.AppId, user.Id, clock.Now());
            await codeStore.EndAll(db, user.AppId, user.Id, clock.Now(), CodePurpose.Login);
        });

    /// <summary>Replaces all of a user's own metadata; 604 as at signup.</summary>
    public async Task<Result<Done>> SetMetadata(Application application, User user, string metaData, string actor)
    {
        var (values, refused) = Metadata.Take(application.Settings.MetaData, metaData);
        return refused is not null ? refused : await Change(user, "setUserMetadata", actor, db => users.SetMetadata(db, user.AppId, user.Id, Metadata.Write(values!), clock.Now()));
    }

    /// <summary>A password that meets any application's policy: four groups, with every class of character in the first.</summary>
    public static string MakePassword() => $"Aa1!{Secrets.Token()[..20]}";

    private async Task<Result<Done>> Change(User user, string action, string actor, Func<DbConnection, Task> change)
    {
        await database.Write(async db =>
        {
            await change(db);
            await Record(db, user, action, actor);
        });
        outbox.Wake();
        return default(Done);
    }

    private Task Record(DbConnection db, User user, string action, string actor) =>
        audit.Add(db, new AuditEntry(user.AppId, action, user.Handle, "") { Actor = actor });

    private static string WriteCursor(User last) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes($"{last.CreatedAt.ToString(CultureInfo.InvariantCulture)}|{last.Id}"));

    /// <summary>A cursor that nobody gave out starts at the first page.</summary>
    private static (long CreatedAt, string Id) ReadCursor(string? cursor)
    {
        var start = (long.MaxValue, "");
        if (string.IsNullOrEmpty(cursor) || cursor.Length > 200 || cursor.Length % 2 != 0 || !cursor.All(char.IsAsciiHexDigitLower))
        {
            return start;
        }

        var parts = Encoding.UTF8.GetString(Convert.FromHexString(cursor)).Split('|');
        return parts.Length == 2 && Field.IsStorable(parts[1]) && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var createdAt) ? (createdAt, parts[1]) : start;
    }
}
