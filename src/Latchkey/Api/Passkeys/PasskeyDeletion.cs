using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Identities;

namespace Latchkey.Api.Passkeys;

/// <summary>passkeyDelete: a user deletes a passkey.</summary>
public sealed class PasskeyDeletion(UserPasskeys passkeys, UserIdentityStore identities, StepUp stepUp)
{
    /// <summary>
    /// 710 without a proof in the last 15 minutes; 718 for an unknown one; 719 when the user could not sign in without it, 715 when it is
    /// the last second factor of an application that requires one.
    /// </summary>
    public async Task<Result<Done>> Delete(UserCaller caller, string id)
    {
        var (application, settings) = (caller.Application, caller.Application.Settings);
        return stepUp.FindMissingProof(caller) is { } missing
            ? missing
            : await passkeys.Delete(
                application,
                caller.User,
                id,
                new Actor(AuditEntry.ByUser, caller.Client.Address),
                async (db, user) =>
                    user.PasskeyCount != 1 ? null
                    : WaysIn.Count(application, user, await identities.List(db, user.AppId, user.Id)) == 1 ? ErrorCodes.LastWayIn
                    : LastFactor.Refuse(settings, user, FactorMethod.Passkey)
            );
    }
}
