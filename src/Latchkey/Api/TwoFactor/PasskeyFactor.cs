using System.Data.Common;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Passkeys of known users: as the second factor of a login, and for stepUp.</summary>
public sealed class PasskeyFactor(
    Database database,
    UserStore users,
    UserCodes codes,
    PasskeyStore passkeys,
    PasskeyCeremony ceremony,
    NewPasskeys newPasskeys,
    InstallationTokens tokens,
    InstallationSettings installation,
    TimeProvider clock
)
{
    private static readonly Error NoPasskey = ErrorCodes.InvalidData.WithCause("the user does not have this factor");

    /// <summary>
    /// The options for the second factor of a login; 600 for a token that waits for none, 602 for a user without a passkey.
    /// </summary>
    public async Task<Result<PasskeyOptions>> AskAtLogin(Application application, string loginToken) =>
        (await FindLogin(application, loginToken, CodePurpose.Login)).Failed(out var login, out var refused)
            ? refused
            : await Ask(application, login.User, PasskeyPurpose.SecondFactor, login.Step.Id, verifiesUser: false);

    /// <summary>The options for stepUp; 602 for a user without a passkey.</summary>
    public Task<Result<PasskeyOptions>> AskForStepUp(UserCaller caller) =>
        Ask(caller.Application, caller.User, PasskeyPurpose.StepUp, caller.Session.PublicId, verifiesUser: true);

    /// <summary>The options for a passkey that is set up during a login; 600 for a token that does not enrol.</summary>
    public async Task<Result<PasskeyOptions>> AskForEnrollment(Application application, string loginToken)
    {
        if (!application.Settings.AllowsPasskeyFactor)
        {
            return ErrorCodes.PasskeysDisabled;
        }

        if ((await FindLogin(application, loginToken, CodePurpose.Enrollment)).Failed(out var login, out var refused))
        {
            return refused;
        }

        var existing = await database.Read(db => passkeys.List(db, application.Id, login.User.Id));
        return await newPasskeys.Ask(application, login.User, existing, PasskeyPurpose.Enrollment, login.Step.Id);
    }

    /// <summary>Verifies the answer to <see cref="AskForEnrollment"/>.</summary>
    public Task<Result<RegisteredPasskey>> VerifyEnrollment(Application application, UserCode step, PasskeyAnswerInput answer) =>
        VerifyRegistration(application, PasskeyPurpose.Enrollment, step.Id, answer);

    /// <summary>
    /// Verifies a new passkey. 717 with the cause in the log when it is wrong, which uses the challenge up; 602 when it is no credential.
    /// </summary>
    /// <param name="subject">The session or login that asked.</param>
    public async Task<Result<RegisteredPasskey>> VerifyRegistration(
        Application application,
        string purpose,
        string subject,
        PasskeyAnswerInput answer
    )
    {
        var relyingParty = RelyingParty.Of(application, installation);
        if (ceremony.ReadRequest(relyingParty, purpose, subject, answer.RequestToken).Failed(out var request, out var notAsked))
        {
            return notAsked;
        }

        var verified = await ceremony.VerifyRegistration(relyingParty, request, answer.Credential);
        if (verified.Error is not null)
        {
            await UseUp(request);
        }

        return verified;
    }

    /// <summary>
    /// Verifies the answer of one of the user's passkeys. 717 with the cause in the log when it is wrong, 602 when it is no credential.
    /// </summary>
    public async Task<Result<PasskeyProof>> Verify(
        Application application,
        string userId,
        string purpose,
        string subject,
        PasskeyAnswerInput answer
    )
    {
        var relyingParty = RelyingParty.Of(application, installation);
        if (ceremony.ReadRequest(relyingParty, purpose, subject, answer.RequestToken).Failed(out var request, out var notAsked))
        {
            return notAsked;
        }

        if (CredentialJson.ParseAssertion(answer.Credential).Failed(out var response, out var notACredential))
        {
            return notACredential;
        }

        if (
            await database.Read(db => passkeys.FindByCredential(db, application.Id, relyingParty.Id, response.Id)) is not { } owner
            || owner.User.Id != userId
        )
        {
            return ErrorCodes.InvalidPasskey.WithCause("the passkey is not the user's");
        }

        var verified = await ceremony.VerifyAssertion(
            relyingParty,
            request,
            response,
            owner.Passkey,
            owner.UserHandle,
            verifiesUser: purpose == PasskeyPurpose.StepUp
        );
        if (verified.Error is not null)
        {
            await UseUp(request);
        }

        return verified;
    }

    /// <summary>
    /// Uses a proof up; 717 when its challenge was used before or the passkey is gone. Runs in the transaction of what it proves.
    /// </summary>
    public async Task<Error?> Use(DbConnection db, PasskeyProof proof)
    {
        var (challenge, passkey) = await passkeys.Use(db, proof, clock.Now());
        return Refuse(challenge, passkey);
    }

    /// <summary>
    /// As <see cref="Use"/>, for a sign-in: locks the user's row in the same round trip. Returns the user as of now; 404 when it is
    /// suspended or gone.
    /// </summary>
    public async Task<Result<User>> UseToSignIn(DbConnection db, User user, PasskeyProof proof)
    {
        var (lastSeen, challenge, passkey) = await passkeys.UseAndLockUser(db, database.Dialect, proof, clock.Now());
        return lastSeen is not { } seen ? ErrorCodes.UserSuspended
            : Refuse(challenge, passkey) is { } refused ? refused
            : user with { LastActiveAt = seen > 0 ? seen : user.LastActiveAt };
    }

    /// <summary>Uses up the challenge of a wrong answer: one challenge, one try.</summary>
    public Task UseUp(PasskeyRequest request) => database.Write(db => passkeys.UseChallenge(db, request));

    private static Error? Refuse(bool challenge, bool passkey) =>
        !challenge ? ErrorCodes.InvalidPasskey.WithCause("the request token was used before")
        : !passkey ? ErrorCodes.InvalidPasskey.WithCause("the passkey was deleted or used meanwhile")
        : null;

    private async Task<Result<PasskeyOptions>> Ask(Application application, User user, string purpose, string subject, bool verifiesUser)
    {
        var relyingParty = RelyingParty.Of(application, installation);
        var own = (await database.Read(db => passkeys.List(db, application.Id, user.Id)))
            .Where(passkey => passkey.RpId == relyingParty.Id)
            .ToList();
        return !application.Settings.PasskeysEnabled || own.Count == 0
            ? NoPasskey
            : ceremony.SignIn(relyingParty, purpose, subject, own, verifiesUser);
    }

    private async Task<Result<(UserCode Step, User User)>> FindLogin(Application application, string loginToken, string purpose) =>
        tokens.ReadLogin(loginToken) is { } token
        && token.AppId == application.Id
        && await database.Read(db => codes.FindActive(db, application.Id, token.Id, purpose)) is { } step
        && await database.Read(db => users.Find(db, application.Id, step.UserId)) is { } user
            ? user.IsSuspended
                ? ErrorCodes.UserSuspended
                : (step, user)
            : ErrorCodes.InvalidCredentials.WithCause("not a login token that waits for this");
}
