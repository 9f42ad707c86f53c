using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Templates;
using Latchkey.Users.Passkeys;

namespace Latchkey.Accounts;

/// <summary>
/// Asks a signed-in developer for the password again, and for the second factor if the account has one, before a sensitive action. A
/// passkey replaces both.
/// </summary>
public sealed class PortalStepUp(
    Database database,
    DeveloperStore developers,
    PortalSessionStore sessions,
    Reauthentication passwords,
    PortalCodes codes,
    PortalPasskeyProofs passkeys,
    PortalMailer mails,
    InstallationLog log,
    TimeProvider clock
)
{
    /// <summary>How long a proof counts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private static readonly Error SessionEnded = ErrorCodes.InvalidToken with { Message = "Please sign in again." };

    /// <summary>Whether the session's developer signed in or stepped up within the <see cref="Lifetime"/>.</summary>
    public bool IsFresh(PortalSession session) => session.ProvedAt + (long)Lifetime.TotalMilliseconds > clock.Now();

    /// <summary>
    /// Verifies the password, and a code if the account has a second factor. Returns the session's new token; the old one no longer works.
    /// 600 for a wrong password or code, 700 after too many attempts, 613 when the session has ended.
    /// </summary>
    public async Task<Result<string>> Confirm(
        Developer developer,
        PortalSession session,
        string password,
        string code,
        ClientAddress client
    )
    {
        if (await passwords.Verify(developer, password) is { } wrong)
        {
            return await Logged(wrong, developer, client);
        }

        // The attempt is counted before the code is verified.
        if (developer.HasSecondFactor && await codes.TryAcquireAttempt(developer.Id) is { } tooMany)
        {
            return await Logged(tooMany, developer, client);
        }

        var token = Secrets.Token();
        var refused = (await database.Write(db => Confirm(db, developer, session, code, client, Secrets.Hash(token)))).Refused;
        mails.Wake();
        return await Logged(refused is null ? token : refused, developer, client);
    }

    /// <summary>
    /// As <see cref="Confirm"/>, with a passkey in place of password and code. 717 when it is wrong or another account's.
    /// </summary>
    public async Task<Result<string>> ConfirmByPasskey(
        Developer developer,
        PortalSession session,
        string requestToken,
        string credential,
        ClientAddress client
    )
    {
        var verified = await passkeys.Verify(PasskeyPurpose.StepUp, session.Id, requestToken, credential);
        Result<string> confirmed =
            verified.Failed(out var proven, out var refused) ? refused
            : proven.DeveloperId != developer.Id ? PortalPasskeyProofs.Refused.WithCause("the passkey of another account")
            : await database.Write(db => Renew(db, proven, session));
        return await Logged(confirmed, developer, client);
    }

    private async Task<Result<string>> Renew(DbConnection db, DeveloperPasskeyProof proven, PortalSession session)
    {
        if (await developers.FindForUpdate(db, proven.DeveloperId) is not { IsActive: true } developer)
        {
            return SessionEnded;
        }

        if ((PortalCodes.FindForcedReset(developer) ?? await passkeys.Use(db, proven.Proof)) is { } refused)
        {
            return refused;
        }

        var token = Secrets.Token();
        return await sessions.TryRenew(db, session, Secrets.Hash(token), clock.Now()) ? token : SessionEnded;
    }

    /// <summary>Returns a refusal inside a value, so that the count of wrong codes is committed.</summary>
    private async Task<Completion> Confirm(
        DbConnection db,
        Developer checkedOne,
        PortalSession session,
        string code,
        ClientAddress client,
        string newTokenHash
    )
    {
        // The account may have changed while the password was hashed.
        if (
            await developers.FindForUpdate(db, checkedOne.Id) is not { IsActive: true } developer
            || developer.PasswordHash != checkedOne.PasswordHash
            || developer.HasSecondFactor != checkedOne.HasSecondFactor
        )
        {
            return new(SessionEnded);
        }

        if (developer.HasSecondFactor && await codes.Verify(db, developer, code, client) is { } refused)
        {
            return new(refused);
        }

        return new(await sessions.TryRenew(db, session, newTokenHash, clock.Now()) ? null : SessionEnded);
    }

    private async Task<Result<string>> Logged(Result<string> result, Developer developer, ClientAddress client)
    {
        var what =
            result.Error is not { } refused ? "confirmed"
            : refused.Cause is { } cause ? $"not confirmed: {cause}"
            : "not confirmed";
        await log.Add(InstallationEntry.OfOwnAccount("confirm", what, developer.Id, client, isRefused: !result.Succeeded));
        return result;
    }

    /// <summary>Commits the transaction, also with a refusal.</summary>
    private sealed record Completion(Error? Refused);
}
