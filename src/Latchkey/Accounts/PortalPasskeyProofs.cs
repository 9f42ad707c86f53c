using System.Data.Common;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Passkeys;

namespace Latchkey.Accounts;

/// <summary>What passkeys of portal accounts sign: to sign in, as the second factor, and to confirm that it is you.</summary>
public sealed class PortalPasskeyProofs(
    Database database,
    DeveloperPasskeyStore store,
    PasskeyCeremony ceremony,
    PortalRelyingParty portal,
    TimeProvider clock
)
{
    /// <summary>717: the same for unknown passkeys and for wrong answers of known ones. Its cause is in the server's log.</summary>
    public static readonly Error Refused = ErrorCodes.InvalidPasskey with
    {
        Message = "This passkey was not accepted. Try again, or use another way.",
    };

    /// <summary>The options for any account; null where browsers have no passkeys for the portal.</summary>
    public PasskeyOptions? AskForSignIn() =>
        portal.Value is { } relyingParty
            ? ceremony.SignIn(relyingParty, PasskeyPurpose.SignIn, subject: "", allowed: null, verifiesUser: true)
            : null;

    /// <summary>The options for the second factor of a login; null for an account without a passkey that works here.</summary>
    /// <param name="loginHash">The hash of the login's token.</param>
    public Task<PasskeyOptions?> AskForSecondFactor(Developer developer, string loginHash) =>
        Ask(developer, PasskeyPurpose.SecondFactor, loginHash, verifiesUser: false);

    /// <summary>The options for a proof in a session; null for an account without a passkey that works here.</summary>
    public Task<PasskeyOptions?> AskForStepUp(Developer developer, PortalSession session) =>
        Ask(developer, PasskeyPurpose.StepUp, session.Id, verifiesUser: true);

    /// <summary>
    /// Verifies an answer. The authenticator must have verified its user, unless it is the second factor after a password. 717 with the
    /// cause; a wrong answer uses its challenge up.
    /// </summary>
    /// <param name="purpose">A <see cref="PasskeyPurpose"/>.</param>
    /// <param name="subject">The login or session that asked; empty for a sign-in.</param>
    public async Task<Result<DeveloperPasskeyProof>> Verify(string purpose, string subject, string requestToken, string credential)
    {
        if (portal.Value is not { } relyingParty)
        {
            return Refused;
        }

        if (ceremony.ReadRequest(relyingParty, purpose, subject, requestToken).Failed(out var request, out var notAsked))
        {
            return Refuse(notAsked);
        }

        if (CredentialJson.ParseAssertion(credential).Failed(out var response, out var notACredential))
        {
            return Refuse(notACredential);
        }

        var isSignIn = purpose == PasskeyPurpose.SignIn;
        if (
            (isSignIn && response.Response.UserHandle is null)
            || await database.Read(db => store.FindByCredential(db, relyingParty.Id, response.Id)) is not { } owner
        )
        {
            return Refused.WithCause("no account has this passkey");
        }

        var verified = await ceremony.VerifyAssertion(
            relyingParty,
            request,
            response,
            owner.Passkey,
            owner.UserHandle,
            verifiesUser: purpose != PasskeyPurpose.SecondFactor
        );
        if (verified.Failed(out var proof, out var refused))
        {
            await database.Write(db => TryUseChallenge(db, request));
            return Refuse(refused);
        }

        return new DeveloperPasskeyProof(owner.Developer.Id, proof);
    }

    /// <summary>
    /// Uses a proof up; 717 when its challenge was used before or the passkey is gone. Runs in the transaction of what it proves.
    /// </summary>
    public async Task<Error?> Use(DbConnection db, PasskeyProof proof) =>
        !await TryUseChallenge(db, proof.Request) ? Refused.WithCause("the request token was used before")
        : !await store.TryUse(db, proof, clock.Now()) ? Refused.WithCause("the passkey was removed or used meanwhile")
        : null;

    /// <summary>Uses up the challenge of a request; false when it was used before.</summary>
    public Task<bool> TryUseChallenge(DbConnection db, PasskeyRequest request) =>
        store.TryUseChallenge(db, request.ChallengeHash, request.ExpiresAtMilliseconds);

    /// <summary>The one refusal that visitors see, with the cause of <paramref name="error"/>.</summary>
    public static Error Refuse(Error error) => Refused.WithCause(error.Cause ?? error.Message);

    private async Task<PasskeyOptions?> Ask(Developer developer, string purpose, string subject, bool verifiesUser)
    {
        if (portal.Value is not { } relyingParty || developer.PasskeyCount == 0)
        {
            return null;
        }

        var usable = (await database.Read(db => store.List(db, developer.Id))).Where(passkey => passkey.RpId == relyingParty.Id).ToList();
        return usable.Count > 0 ? ceremony.SignIn(relyingParty, purpose, subject, usable, verifiesUser) : null;
    }
}
