using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Passkeys;

/// <summary>
/// passkeyLoginOptions and passkeyLogin. The authenticator verifies its user, so a passkey is two factors at once and no other is asked
/// for.
/// </summary>
public sealed class PasskeyLogin(
    Database database,
    PasskeyStore passkeys,
    PasskeyCeremony ceremony,
    PasskeyFactor factor,
    SignIn signIn,
    InstallationSettings installation,
    AuditStore audit
)
{
    private const string Action = "passkeyLogin";

    /// <summary>
    /// The options for any of the application's users; with a login token, those for the second factor of that login (600 for a token that
    /// waits for none).
    /// </summary>
    public async Task<Result<PasskeyOptions>> Ask(AppCaller caller, string? loginToken) =>
        loginToken is not null
            ? await factor.AskAtLogin(caller.Application, loginToken)
            : ceremony.SignIn(
                RelyingParty.Of(caller.Application, installation),
                PasskeyPurpose.SignIn,
                subject: "",
                allowed: null,
                verifiesUser: true
            );

    /// <summary>
    /// 602 when it is no credential; 600 for an unknown passkey; 717 with the cause in the log for one that is not the answer to the
    /// request; 404 for a suspended user.
    /// </summary>
    public async Task<Result<TokenResponse>> LogIn(AppCaller caller, string requestToken, string credential) =>
        (await Open(caller, requestToken, credential)).Failed(out var loggedIn, out var refused)
            ? refused
            : signIn.IssueTokens(caller.Application, loggedIn.User, loggedIn.Session);

    /// <summary>As <see cref="LogIn"/>, without tokens.</summary>
    public async Task<Result<LoggedIn>> Open(AppCaller caller, string requestToken, string credential)
    {
        var application = caller.Application;
        var relyingParty = RelyingParty.Of(application, installation);
        if (ceremony.ReadRequest(relyingParty, PasskeyPurpose.SignIn, subject: "", requestToken).Failed(out var request, out var notAsked))
        {
            return notAsked;
        }

        if (CredentialJson.ParseAssertion(credential).Failed(out var response, out var notACredential))
        {
            return notACredential;
        }

        if (response.Response.UserHandle is null)
        {
            return ErrorCodes.InvalidCredentials.WithCause("the passkey does not say whose it is");
        }

        if (await database.Read(db => passkeys.FindByCredential(db, application.Id, relyingParty.Id, response.Id)) is not { } owner)
        {
            return ErrorCodes.InvalidCredentials.WithCause("no user has this passkey");
        }

        if (
            (await ceremony.VerifyAssertion(relyingParty, request, response, owner.Passkey, owner.UserHandle, verifiesUser: true)).Failed(
                out var proof,
                out var refused
            )
        )
        {
            await factor.UseUp(request);
            return refused;
        }

        var opened = await database.Write<Result<Session>>(db => Open(db, caller, owner.User, proof));
        return opened.Failed(out var session, out var failed) ? failed : new LoggedIn(owner.User, session);
    }

    private async Task<Result<Session>> Open(DbConnection db, AppCaller caller, User found, PasskeyProof proof)
    {
        var application = caller.Application;
        if ((await factor.UseToSignIn(db, found, proof)).Failed(out var user, out var refused))
        {
            return refused;
        }

        await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address) { Detail = proof.Passkey.Name });
        return await signIn.Open(db, application, user, caller.Client, proof.Methods);
    }
}
