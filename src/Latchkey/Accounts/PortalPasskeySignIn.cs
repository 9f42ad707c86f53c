using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Users.Passkeys;

namespace Latchkey.Accounts;

/// <summary>
/// Portal sign-in by passkey: in place of the password and the second factor, since the authenticator verifies its user; or as the second
/// factor after the password.
/// </summary>
public sealed class PortalPasskeySignIn(
    Database database,
    DeveloperStore developers,
    PortalSessionStore sessions,
    PortalSessions portalSessions,
    PortalPasskeyProofs proofs,
    RateLimits limits,
    InstallationLog log,
    TimeProvider clock
)
{
    /// <summary>
    /// Signs in without a password and returns the new session's token. 717 when the passkey is unknown or wrong, or its account is
    /// suspended; 600 when the password must be reset first; 700 after too many from the network.
    /// </summary>
    public async Task<Result<string>> SignIn(string requestToken, string credential, Device device)
    {
        var network = new RateLimitRequest(DefaultLimits.PortalPasskeysPerNetwork, device.Client.Network);
        if (await limits.TryAcquire(DeveloperAccounts.Scope, network) is not null)
        {
            return AccountValidator.TooManyAttempts;
        }

        var verified = await proofs.Verify(PasskeyPurpose.SignIn, subject: "", requestToken, credential);
        var session = verified.Failed(out var proven, out var refused)
            ? refused
            : await database.Write(db => Open(db, proven, loginHash: null, device));
        return await Logged(session, "signed in by passkey", proven?.DeveloperId, device);
    }

    /// <summary>
    /// Completes a login with a passkey and returns the new session's token. 717 when it is wrong or another account's, 613 when the login
    /// has ended.
    /// </summary>
    public async Task<Result<string>> Complete(string loginToken, string requestToken, string credential, Device device)
    {
        var hash = Secrets.Hash(loginToken);

        // The attempt is counted before the answer is verified.
        if (await database.Write(db => sessions.CountLoginAttempt(db, hash, PortalSignIn.MaxAttempts, clock.Now())) is not { } developerId)
        {
            return PortalSignIn.LoginExpired;
        }

        var verified = await proofs.Verify(PasskeyPurpose.SecondFactor, hash, requestToken, credential);
        var session =
            verified.Failed(out var proven, out var refused) ? refused
            : proven.DeveloperId != developerId ? PortalPasskeyProofs.Refused.WithCause("the passkey of another account")
            : await database.Write(db => Open(db, proven, hash, device));
        return await Logged(session, "signed in by password and passkey", developerId, device);
    }

    private async Task<Result<string>> Open(DbConnection db, DeveloperPasskeyProof proven, string? loginHash, Device device)
    {
        if (await developers.FindForUpdate(db, proven.DeveloperId) is not { IsActive: true } developer)
        {
            return PortalPasskeyProofs.Refused.WithCause("the account is suspended or gone");
        }

        if (PortalCodes.FindForcedReset(developer) is { } mustReset)
        {
            return mustReset;
        }

        if (await proofs.Use(db, proven.Proof) is { } used)
        {
            return used;
        }

        return loginHash is null || await sessions.TryConsumeLogin(db, loginHash)
            ? await portalSessions.Create(db, developer.Id, device)
            : PortalSignIn.LoginExpired;
    }

    private async Task<Result<string>> Logged(Result<string> session, string done, string? developerId, Device device)
    {
        var what = session.Error is { } refused ? $"passkey refused: {refused.Cause ?? refused.Message}" : done;
        await log.Add(
            InstallationEntry.OfOwnAccount(InstallationEntry.SignIn, what, developerId ?? "", device.Client, isRefused: !session.Succeeded)
        );
        return session;
    }
}
