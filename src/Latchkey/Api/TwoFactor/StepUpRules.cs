using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Api.SocialLogin;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Passwords;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>stepUp: a user who is logged in proves again who they are. The proof is good for 15 minutes of this session.</summary>
public sealed class StepUpRules(
    Database database,
    FactorStepUp factors,
    MailStepUp mail,
    PasswordProof passwordProof,
    PasskeyFactor passkeys,
    OwnIdToken ownIdToken,
    UsedIdTokens usedIdTokens,
    SessionProof proofs,
    SignIn signIn
)
{
    private static readonly Error NotOwn = ErrorCodes.InvalidData.WithCause("the user does not have this factor");

    /// <summary>
    /// New tokens that say of the proof. A passkey will always do. A user with a second factor must use one; another sends the password, an
    /// ID token of an own identity, or the code that stepUpFactor mailed. 403 when that is missing, 600 when it is wrong (613 for an ID
    /// token, 717 for a passkey), 602 for no code or an anonymous user, 700 after too many attempts.
    /// </summary>
    public async Task<Result<TokenResponse>> Prove(UserCaller caller, StepUpInput input, CancellationToken stop)
    {
        var own = FactorMethods.Of(caller.Application.Settings, caller.User);
        var proved =
            input.Passkey is { } passkey ? await ProveByPasskey(caller, passkey)
            : own.Count > 0 ? await ProveByFactor(caller, own, input)
            : caller.User.Anonymous ? ErrorCodes.InvalidData.WithCause("anonymous users prove nothing")
            : input.Method == MailStepUp.Method || !HasOtherProof(caller, input) ? await ProveByMail(caller, input.Code)
            : caller.User.PasswordHash is not null && input is not { Token: not null, Password: null }
                ? await ProveByPassword(caller, input.Password)
            : await ProveByIdToken(caller, input, stop);
        return proved.Failed(out var session, out var refused)
            ? refused
            : signIn.IssueTokens(caller.Application, caller.User, session, isNew: false);
    }

    /// <summary>
    /// As <see cref="Prove"/>, for whom a provider has just proved: 602 for a user with a second factor, who must use it; 613 for somebody
    /// else, or a proof that was used before.
    /// </summary>
    public async Task<Result<Session>> ProveByIdentity(UserCaller caller, SocialIdentity identity) =>
        FactorMethods.Of(caller.Application.Settings, caller.User).Count > 0
            ? ErrorCodes.InvalidData.WithCause("the user has a second factor")
        : await ownIdToken.IsOwn(caller, identity) ? await Record(caller, identity)
        : ErrorCodes.InvalidToken.WithCause("the provider's account of somebody else");

    private async Task<Result<Session>> ProveByFactor(UserCaller caller, IReadOnlyList<FactorMethod> own, StepUpInput input) =>
        input.Code is not { } code ? ErrorCodes.MissingParameter.WithCause("code")
        : FactorMethods.Parse(input.Method).Failed(out var method, out var unknown) ? unknown
        : method is { } named && named != FactorMethod.Recovery && !own.Contains(named) ? NotOwn
        : (method ?? own[0]) is var chosen && chosen == FactorMethod.Passkey ? ErrorCodes.MissingParameter.WithCause("credential")
        : await factors.Prove(caller, chosen, code);

    private async Task<Result<Session>> ProveByPasskey(UserCaller caller, PasskeyAnswerInput answer)
    {
        var (application, subject) = (caller.Application, caller.Session.PublicId);
        var verified = await passkeys.Verify(application, caller.User.Id, PasskeyPurpose.StepUp, subject, answer);
        return verified.Failed(out var proof, out var refused)
            ? refused
            : await database.Write<Result<Session>>(async db =>
                await passkeys.Use(db, proof) is { } used ? used : await proofs.Record(db, caller, proof.Methods)
            );
    }

    private async Task<Result<Session>> ProveByMail(UserCaller caller, string? code) =>
        code is null ? ErrorCodes.MissingParameter.WithCause("code") : await mail.Prove(caller, code);

    private async Task<Result<Session>> ProveByPassword(UserCaller caller, string? password)
    {
        if (password is null)
        {
            return ErrorCodes.MissingParameter.WithCause("password");
        }

        if ((await passwordProof.Verify(caller, new RawPassword(password))).Error is { } refused)
        {
            return refused;
        }

        return await database.Write(async db =>
        {
            await passwordProof.RecordSuccess(db, caller);
            return await proofs.Record(db, caller, AuthenticationMethods.Password);
        });
    }

    private async Task<Result<Session>> ProveByIdToken(UserCaller caller, StepUpInput input, CancellationToken stop)
    {
        if (input.Token is null)
        {
            return ErrorCodes.MissingParameter.WithCause("token");
        }

        if ((await ownIdToken.Validate(caller, input.Token, input.Nonce, stop)).Failed(out var identity, out var invalid))
        {
            return invalid;
        }

        return await Record(caller, identity);
    }

    private Task<Result<Session>> Record(UserCaller caller, SocialIdentity identity) =>
        database.Write<Result<Session>>(async db =>
            await usedIdTokens.Use(db, caller.Application.Id, identity) is { } replayed
                ? replayed
                : await proofs.Record(db, caller, AuthenticationMethods.Federated)
        );

    private static bool HasOtherProof(UserCaller caller, StepUpInput input) =>
        caller.User is not { PasswordHash: null, HasIdToken: false } || input.Token is not null;
}
