using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Locales;
using Latchkey.Users.Passwords;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Invitations;

/// <summary>Registering with an invitation's code; works while signup is off.</summary>
public sealed class RegisterRules(
    Database database,
    InvitationStore invitations,
    InvitationCodes codes,
    UserRegistration registration,
    PasswordHasher hasher,
    CodeAttempts attempts,
    PasswordAttempts passwordAttempts,
    MessageOutbox outbox,
    TimeProvider clock
)
{
    private const string Purpose = InvitationCodes.Purpose;

    /// <summary>
    /// 602 wrong code or handle; 601 used, with a code that was right, or the handle is a user; 604 required metadata missing.
    /// </summary>
    public async Task<Result<RegistrationTokenResponse>> Register(AppCaller caller, RegisterInput input)
    {
        if ((await TryRegister(caller, input, opensSession: true)).Failed(out var registered, out var refused))
        {
            return refused;
        }

        outbox.Wake();
        return registration.IssueRegistrationTokens(caller.Application, registered);
    }

    /// <summary>As <see cref="Register"/>, for the page of the mailed link: the person then logs in with the app.</summary>
    public async Task<Result<User>> RegisterWithoutSession(AppCaller caller, RegisterInput input)
    {
        var (registered, refused) = await TryRegister(caller, input, opensSession: false);
        outbox.Wake();
        return registered is null ? refused ?? throw new InvalidOperationException("neither a user nor an error") : registered.User;
    }

    private async Task<Result<RegisteredUser>> TryRegister(AppCaller caller, RegisterInput input, bool opensSession)
    {
        var settings = caller.Application.Settings;
        if (Handle.ParseEmail(input.Handle).Failed(out var handle, out var notAnAddress))
        {
            return notAnAddress;
        }

        if (LocaleCodes.Resolve(settings, input.Locale).Failed(out var locale, out var noLocale))
        {
            return noLocale;
        }

        if (!CodeAttempts.IsLinkToken(input.Code) && !TypedCode.IsSixDigits(input.Code))
        {
            return ErrorCodes.InvalidData.WithCause("not a code");
        }

        if (PasswordPolicy.Validate(settings, input.Password).Failed(out var password, out var badPassword))
        {
            return badPassword;
        }

        if (Metadata.ValidateForRegister(settings.MetaData, input.MetaData).Failed(out var values, out var badMetadata))
        {
            return badMetadata;
        }

        if ((await Find(caller, handle.Text, input.Code)).Failed(out var found, out var wrongCode))
        {
            return wrongCode;
        }

        var (invitation, guess) = found;
        return (await hasher.Hash(HashingShare.Of(caller.Application, caller.Client), password)).Failed(out var hash, out var busy)
            ? busy
            : await Store(
                caller,
                invitation,
                guess,
                new NewUser
                {
                    Handle = handle.Text,
                    Origin = UserOrigin.Invitation,
                    Action = "register",
                    Locale = input.Locale is null ? invitation.Locale : locale,
                    EmailVerified = true,
                    Methods = AuthenticationMethods.Mail,
                    PasswordHash = hash,
                    PasswordPrehashed = password.Prehashed,
                    Metadata = Metadata.Write(values),
                    InviteMetadata = invitation.Metadata,
                    UpgradesUserId = caller.UpgradingUser?.Id,
                },
                opensSession
            );
    }

    /// <summary>The pending invitation, and the counted attempt; null for a link.</summary>
    private async Task<Result<(Invitation Invitation, CodeGuess? Guess)>> Find(AppCaller caller, string handle, string code)
    {
        var (appId, now) = (caller.Application.Id, clock.Now());
        var isLink = CodeAttempts.IsLinkToken(code);
        var counted = isLink ? CodeGuess.Unlimited : await attempts.TryAcquire(appId, Purpose, handle, caller.Client);
        if (counted.Failed(out var guess, out var tooMany))
        {
            return tooMany;
        }

        var network = guess.NetworkFilter(caller.Client);
        return await database.Read(db => invitations.FindByCode(db, appId, handle, codes.Hashes(appId, handle, code), network)) switch
        {
            null or { Status: InvitationStatus.Replaced } => ErrorCodes.InvalidData.WithCause("wrong code or handle"),
            { Status: not InvitationStatus.Pending } => ErrorCodes.HandleRegistered,
            var invitation when invitation.ExpiresAt <= now => ErrorCodes.InvalidData.WithCause("the invitation has expired"),
            var invitation => (invitation, isLink ? null : guess),
        };
    }

    private Task<Result<RegisteredUser>> Store(
        AppCaller caller,
        Invitation invitation,
        CodeGuess? guess,
        NewUser user,
        bool opensSession
    ) =>
        database.Write<Result<RegisteredUser>>(async db =>
        {
            if (!await invitations.Activate(db, invitation.AppId, invitation.Id, clock.Now()))
            {
                return ErrorCodes.HandleRegistered;
            }

            await invitations.SupersedeOthers(db, invitation.AppId, invitation.Handle);
            if (guess is not null)
            {
                await attempts.Clear(db, invitation.AppId, Purpose, invitation.Handle, caller.Client, guess);
            }

            await passwordAttempts.TrustNetwork(db, invitation.AppId, invitation.Handle, caller.Client);
            return await registration.Register(db, caller.Application, caller.Client, user, opensSession);
        });
}
