using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users.Passwords;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Administration;

/// <summary>Sets a user's password, or mails the user a code to set one.</summary>
public sealed class UserPasswords(
    UserStore users,
    SessionStore sessions,
    UserCodes codes,
    MailedLink links,
    PasswordHasher hasher,
    SecurityNotifications notifications,
    MessageLimits messages,
    UserMessenger messenger,
    UserChanges changes,
    TimeProvider clock
)
{
    /// <summary>A request by a server or in the portal does not come from the user's network.</summary>
    private const string ByNoNetwork = "";
    private const string LowercaseLetters = "abcdefghijkmnopqrstuvwxyz";

    /// <summary>Sets the password, ends all sessions, unlocks the user and sends a notification.</summary>
    public async Task<Result<Done>> Set(Application application, User user, RawPassword password, Actor actor)
    {
        if (PasswordPolicy.Validate(application.Settings, password).Failed(out var input, out var refused))
        {
            return refused with { Message = $"The password is refused: {refused.Cause}." };
        }

        if ((await hasher.Hash(HashingShare.Of(application, actor.Client), input)).Failed(out var hash, out var busy))
        {
            return busy;
        }

        return await changes.Apply(
            user,
            "resetPassword",
            actor,
            async db =>
            {
                var now = clock.Now();
                await users.SetPassword(db, user.AppId, user.Id, null, hash, input.Prehashed, now);
                await sessions.EndAll(db, user.AppId, user.Id, new(SessionEndReason.PasswordReset, actor.Client, now));
                await codes.EndAll(db, user);
                await notifications.Send(db, application, user, MessageKind.PasswordChanged, application.Name);
            }
        );
    }

    /// <summary>
    /// Mails a password reset code; 611/612 for a user of Apple or Google, who has no password; 700 when the address has reached its mail
    /// limit.
    /// </summary>
    public async Task<Result<Done>> SendResetCode(Application application, User user, Actor actor, AlongsideChange? alongside = null)
    {
        if (user.Anonymous || user is { PasswordHash: null, HasIdToken: true })
        {
            return user.LoginProvider == SocialProvider.Apple ? ErrorCodes.AppleAccountExists
                : user.LoginProvider == SocialProvider.Google ? ErrorCodes.GoogleAccountExists
                : ErrorCodes.InvalidData.WithCause("an anonymous user has no address");
        }

        if (await messages.TryAcquire(application, user.Handle, MessagePurpose.ByApplication) is { } tooMany)
        {
            return tooMany;
        }

        var appToken = await links.AppToken(application.Id);
        return await changes.Apply(
            user,
            "resetPassword",
            actor,
            async Task<Result<Done>> (db) =>
            {
                if (
                    (
                        await codes.MakeRoom(db, user.AppId, user.Id, CodePurpose.Reset, ByNoNetwork)
                        ?? await messages.Charge(db, application, MessagePurpose.ByApplication, user.Handle)
                    ) is
                    { } full
                )
                {
                    return full;
                }

                var (row, code, token) = await codes.CreateWithLink(db, user, CodePurpose.Reset, ByNoNetwork);
                await messenger.Enqueue(
                    db,
                    application,
                    user.Handle,
                    MessageKind.ResetPassword,
                    user.Locale,
                    new MacroValues(
                        user.Handle,
                        application.Name,
                        code,
                        Link: links.Create("resetPassword", appToken, user.Handle, token, user.Locale),
                        ExpiresAt: row.ExpiresAt
                    )
                );
                return default(Done);
            },
            alongside
        );
    }

    /// <summary>
    /// Generates a password that meets the application's policy: the required number of each character class, 20 random characters, and as
    /// many more as the minimum length requires.
    /// </summary>
    public static string Generate(ApplicationSettings settings)
    {
        var password =
            Secrets.RandomString("ABCDEFGHJKLMNPQRSTUVWXYZ", Math.Max(1, settings.PasswordMinUpper))
            + Secrets.RandomString(LowercaseLetters, Math.Max(1, settings.PasswordMinLower))
            + Secrets.RandomString("23456789", Math.Max(1, settings.PasswordMinDigit))
            + Secrets.RandomString("!#%+=?@", Math.Max(1, settings.PasswordMinSpecial))
            + Secrets.Token()[..20];
        return password + Secrets.RandomString(LowercaseLetters, Math.Max(0, settings.PasswordMinLength - password.Length));
    }
}
