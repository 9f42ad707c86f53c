using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Locales;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.SocialLogin;

/// <summary>Makes an identity a user.</summary>
public sealed class IdentityRegistration(SocialUsers socialUsers, UserRegistration registration, UsedIdTokens usedIdTokens)
{
    /// <summary>
    /// Registers the identity's user and opens a session, in the caller's transaction: 610/611/612 when the address or the person has an
    /// account, 613 when the token was used before, 704 when the application is full.
    /// </summary>
    public async Task<Result<RegisteredUser>> Register(DbConnection db, AppCaller caller, SocialIdentity identity, IdentitySignup signup)
    {
        var appId = caller.Application.Id;
        if (await socialUsers.FindDouble(db, appId, identity, signup.Email) is { } known)
        {
            return SocialUsers.AccountExists(known);
        }

        var result = await registration.Register(
            db,
            caller.Application,
            caller.Client,
            new NewUser
            {
                Handle = signup.Email,
                Origin = UserOrigin.Social,
                Action = signup.Action,
                Locale = signup.Locale,
                EmailVerified = true,
                Metadata = signup.Metadata,
                LoginProvider = identity.Provider,
                UpgradesUserId = caller.UpgradingUser?.Id,
                Methods = AuthenticationMethods.Federated,
                ProvedAt = identity.AuthenticatedAt,
            },
            signup.OpensSession
        );
        if (result.Failed(out var registered, out var refused))
        {
            return refused == ErrorCodes.HandleRegistered ? ErrorCodes.EmailAccountExists : refused;
        }

        return !await socialUsers.Add(db, registered.User, identity) ? ErrorCodes.EmailAccountExists
            : await usedIdTokens.Use(db, appId, identity) is { } replayed ? replayed
            : registered;
    }
}
