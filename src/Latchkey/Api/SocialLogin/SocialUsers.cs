using System.Data.Common;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Identities;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.SocialLogin;

/// <summary>Which user an identity of a provider signs in as.</summary>
public sealed class SocialUsers(UserStore users, UserIdentityStore identities, EarlierOwner earlierOwner, TimeProvider clock)
{
    /// <summary>
    /// The user who signed up with the identity, or has linked it where the application links. By address only a user of the same provider
    /// whose subject is not known yet (an import). 603 for nobody, 610/611/612 when the address has an account of another kind.
    /// </summary>
    public async Task<Result<User>> Find(DbConnection db, Application application, SocialIdentity identity)
    {
        if (await users.FindBySubject(db, application.Id, identity.Provider, identity.Subject) is { } known)
        {
            return WaysIn.Includes(application.Settings, known, identity.Provider) ? known : AccountExists(known);
        }

        if (identity.Email is not { } email || await users.FindByHandle(db, application.Id, email.Text) is not { } owner)
        {
            return ErrorCodes.AccountNotFound;
        }

        return await IsUnknownYet(db, owner, identity) ? owner : AccountExists(owner);
    }

    /// <summary>The user whom a sign-up with this identity and address would double; null for nobody.</summary>
    public async Task<User?> FindDouble(DbConnection db, string appId, SocialIdentity identity, string email) =>
        await users.FindByHandle(db, appId, email) ?? await users.FindBySubject(db, appId, identity.Provider, identity.Subject);

    /// <summary>
    /// Records a sign-in in the transaction that has locked the user's row; false when the identity is not the user's. The first sign-in of
    /// an imported user stores the identity. The provider's word proves the user's address: if nobody had proved it before, a password that
    /// came with the user may be somebody else's, and all that was there goes.
    /// </summary>
    public async Task<bool> RecordUse(DbConnection db, AppCaller caller, User user, SocialIdentity identity)
    {
        if (!WaysIn.Includes(caller.Application.Settings, user, identity.Provider))
        {
            return false;
        }

        var isKnown = await identities.RecordUse(
            db,
            user.AppId,
            user.Id,
            identity.Provider,
            identity.Subject,
            identity.Email?.Text,
            clock.Now()
        );
        if (!isKnown && !await IsUnknownYet(db, user, identity))
        {
            return false;
        }

        if (ReplacesEarlierOwner(user, identity))
        {
            await earlierOwner.Remove(db, caller.Application, user, caller.Client);
            return await Add(db, user, identity);
        }

        if (ProvesAddress(user, identity))
        {
            await users.SetEmailVerified(db, user.AppId, user.Id, clock.Now());
        }

        return isKnown || await Add(db, user, identity);
    }

    /// <summary>Whether a sign-in with the identity removes what an earlier owner may have left.</summary>
    public static bool ReplacesEarlierOwner(User user, SocialIdentity identity) =>
        ProvesAddress(user, identity) && user.PasswordHash is not null;

    /// <summary>Whether the identity is the first proof of the user's address.</summary>
    private static bool ProvesAddress(User user, SocialIdentity identity) =>
        !user.EmailVerified && identity.Email is { } email && email.Key == user.HandleKey;

    /// <summary>The id of the user who has the identity; null for nobody.</summary>
    public Task<string?> FindOwner(DbConnection db, string appId, SocialIdentity identity) =>
        identities.FindOwner(db, appId, identity.Provider, identity.Subject);

    /// <summary>
    /// Links the identity, in the transaction that has locked the user's row: 741 when another user has it, 602 when the user has too
    /// many.
    /// </summary>
    public async Task<Error?> Link(DbConnection db, User user, SocialIdentity identity) =>
        await IsAnothersByAddress(db, user, identity) ? ErrorCodes.IdentityTaken
        : (await identities.List(db, user.AppId, user.Id)).Count >= UserIdentities.MaxOfUser
            ? ErrorCodes.InvalidData.WithCause("too many linked accounts")
        : await Add(db, user, identity) ? null
        : ErrorCodes.IdentityTaken;

    /// <summary>Gives the user the identity; false when the application has it already, for whichever user.</summary>
    public Task<bool> Add(DbConnection db, User user, SocialIdentity identity) =>
        identities.Insert(
            db,
            new UserIdentity
            {
                AppId = user.AppId,
                Id = Ids.New(clock),
                UserId = user.Id,
                Provider = identity.Provider,
                Subject = identity.Subject,
                Email = identity.Email?.Text ?? "",
                CreatedAt = clock.Now(),
                LastUsedAt = clock.Now(),
            }
        );

    /// <summary>Whether the identity is the user's own.</summary>
    public async Task<bool> IsOwn(DbConnection db, User user, SocialIdentity identity) =>
        await FindOwner(db, user.AppId, identity) is { } owner ? owner == user.Id : await IsUnknownYet(db, user, identity);

    /// <summary>Whether an error is one of <see cref="AccountExists"/>.</summary>
    public static bool IsAccountExists(Error error) =>
        error.Code == ErrorCodes.EmailAccountExists.Code
        || error.Code == ErrorCodes.AppleAccountExists.Code
        || error.Code == ErrorCodes.GoogleAccountExists.Code;

    /// <summary>610/611/612: how the user signed up.</summary>
    public static Error AccountExists(User user) =>
        user.LoginProvider switch
        {
            SocialProvider.Apple => ErrorCodes.AppleAccountExists,
            SocialProvider.Google => ErrorCodes.GoogleAccountExists,
            _ => ErrorCodes.EmailAccountExists,
        };

    /// <summary>Whether an imported user who has not come yet will sign in with the identity.</summary>
    private async Task<bool> IsAnothersByAddress(DbConnection db, User user, SocialIdentity identity) =>
        identity.Email is { } email
        && await users.FindByHandle(db, user.AppId, email.Text) is { } owner
        && owner.Id != user.Id
        && await IsUnknownYet(db, owner, identity);

    /// <summary>Whether the user is an imported one of the same provider and address, whose subject is not known yet.</summary>
    private async Task<bool> IsUnknownYet(DbConnection db, User user, SocialIdentity identity) =>
        user.HasIdToken
        && user.LoginProvider == identity.Provider
        && identity.Email?.Key == user.HandleKey
        && !await identities.HasOther(db, user.AppId, user.Id, identity.Provider, identity.Subject);
}
