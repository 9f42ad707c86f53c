using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Passkeys;

namespace Latchkey.Api.Passkeys;

/// <summary>passkeyOptions and passkeyRegister: a signed-in user gets a passkey.</summary>
public sealed class PasskeyRegistration(
    Database database,
    LastFactor lastFactor,
    PasskeyStore passkeys,
    PasskeyFactor factor,
    NewPasskeys newPasskeys,
    StepUp stepUp,
    SecurityNotifications notifications,
    AuditStore audit
)
{
    private const string Action = "passkeyRegister";

    /// <summary>
    /// The options for a new passkey. 710 without a proof in the last 15 minutes, 602 for an anonymous user and for one with too many.
    /// </summary>
    public async Task<Result<PasskeyOptions>> Ask(UserCaller caller)
    {
        var (application, user) = (caller.Application, caller.User);
        if (stepUp.FindMissingProof(caller) is { } missing)
        {
            return missing;
        }

        if (user.Anonymous)
        {
            return ErrorCodes.InvalidData.WithCause("an anonymous user");
        }

        var existing = await database.Read(db => passkeys.List(db, application.Id, user.Id));
        if (NewPasskeys.RefuseAnother(existing.Count) is { } tooMany)
        {
            return tooMany;
        }

        return await newPasskeys.Ask(application, user, existing, PasskeyPurpose.Registration, caller.Session.PublicId);
    }

    /// <summary>
    /// Stores a new passkey, and mails the user. 717 when it is not the answer to the session's request, 602 when it is no credential, has
    /// a bad name, or the user has too many.
    /// </summary>
    public async Task<Result<RegisteredPasskeyAnswer>> Register(UserCaller caller, string requestToken, string credential, string? rawName)
    {
        var (application, subject) = (caller.Application, caller.Session.PublicId);
        string? name = null;
        if (rawName is not null && UserPasskeys.ParseName(rawName).Failed(out name, out var badName))
        {
            return badName;
        }

        if (stepUp.FindMissingProof(caller) is { } missing)
        {
            return missing;
        }

        var answer = new PasskeyAnswerInput(requestToken, credential);
        var verified = await factor.VerifyRegistration(application, PasskeyPurpose.Registration, subject, answer);
        if (verified.Failed(out var registered, out var refused))
        {
            return refused;
        }

        var stored = await database.Write<Result<RegisteredPasskeyAnswer>>(db => Store(db, caller, registered, name));
        notifications.Wake();
        return stored;
    }

    private async Task<Result<RegisteredPasskeyAnswer>> Store(
        DbConnection db,
        UserCaller caller,
        RegisteredPasskey registered,
        string? name
    )
    {
        var (application, client) = (caller.Application, caller.Client);
        if ((await lastFactor.Lock(db, caller)).Failed(out var user, out var ended))
        {
            return ended;
        }

        if ((await newPasskeys.Store(db, application, user, registered, name, client)).Failed(out var added, out var refused))
        {
            return refused;
        }

        await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, client.Address) { Detail = added.Passkey.Name });
        return new RegisteredPasskeyAnswer(PasskeyAnswer.From(added.Passkey, application.Settings.PasskeyRpId), added.RecoveryCodes);
    }
}
