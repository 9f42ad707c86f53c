using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Locales;
using Latchkey.Users.Passwords;
using Latchkey.Users.Registration;

namespace Latchkey.Users.Administration;

/// <summary>Creates users from the portal, a server or the command line.</summary>
public sealed class UserCreator(
    Database database,
    UserStore users,
    UserQuota quota,
    PasswordHasher hasher,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>
    /// The errors of <see cref="Create"/> that do not depend on other users, keyed by handle, password, locale or field path.
    /// </summary>
    public static Dictionary<string, string> Validate(
        ApplicationSettings settings,
        string handle,
        RawPassword password,
        string locale,
        IReadOnlyDictionary<string, string> metaData
    )
    {
        var errors = MetadataForm.Validate(settings.MetaData, metaData);
        if (!Handle.ParseEmail(handle).Succeeded)
        {
            errors["handle"] = "This is not an e-mail address.";
        }

        var (raw, badFormat) = PasswordPolicy.FromTyped(settings, password);
        if ((badFormat ?? PasswordPolicy.Validate(settings, raw).Error) is { } refused)
        {
            errors["password"] = $"The password is refused: {refused.Cause}.";
        }

        if (!LocaleCodes.Resolve(settings, locale).Succeeded)
        {
            errors["locale"] = "Choose one of the application's locales.";
        }

        return errors;
    }

    /// <summary>Creates a user with a verified address; 601, 602, 604, 702, 704 as at signup.</summary>
    /// <param name="application">The user's application.</param>
    /// <param name="origin">A <see cref="UserOrigin"/>: the portal, a server or the command line.</param>
    /// <param name="rawHandle">An e-mail address.</param>
    /// <param name="password">As it is typed, or its MD5 hex.</param>
    /// <param name="metaData">A JSON document; null for none.</param>
    /// <param name="locale">One of the application's locales; null for the default.</param>
    /// <param name="actor">Who adds the user.</param>
    public async Task<Result<User>> Create(
        Application application,
        string origin,
        string rawHandle,
        RawPassword password,
        string? metaData,
        string? locale,
        Actor actor
    )
    {
        if (Handle.ParseEmail(rawHandle).Failed(out var handle, out var notAnAddress))
        {
            return notAnAddress with { Message = "The handle is not an e-mail address." };
        }

        if (LocaleCodes.Resolve(application.Settings, locale).Failed(out var chosen, out var noLocale))
        {
            return noLocale with { Message = "The application does not have this locale." };
        }

        if (PasswordPolicy.Validate(application.Settings, password).Failed(out var input, out var badPassword))
        {
            return badPassword with { Message = $"The password is refused: {badPassword.Cause}." };
        }

        if (Metadata.Validate(application.Settings.MetaData, metaData).Failed(out var values, out var badMetadata))
        {
            return badMetadata with { Message = $"The metadata is refused: {badMetadata.Cause}." };
        }

        if ((await hasher.Hash(HashingShare.Of(application, actor.Client), input)).Failed(out var hash, out var busy))
        {
            return busy;
        }

        var now = clock.Now();
        var user = new User
        {
            Id = Ids.New(clock),
            AppId = application.Id,
            Handle = handle.Text,
            Origin = origin,
            Locale = chosen,
            EmailVerified = true,
            PasswordHash = hash,
            PasswordPrehashed = input.Prehashed,
            Metadata = Metadata.Write(values),
            CreatedAt = now,
            UpdatedAt = now,
        };
        return await database.Write<Result<User>>(async db =>
        {
            if (!await quota.TryAcquire(db, application))
            {
                return ErrorCodes.TooManyUsers;
            }

            if (!await users.Insert(db, user))
            {
                return ErrorCodes.HandleRegistered with { Message = "The application already has a user with this handle." };
            }

            await audit.Add(db, new AuditEntry(user.AppId, "addUser", user.Handle, actor));
            return user;
        });
    }
}
