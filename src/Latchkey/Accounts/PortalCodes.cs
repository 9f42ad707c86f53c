using System.Data.Common;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Templates;
using Latchkey.Users.Sessions;

namespace Latchkey.Accounts;

/// <summary>
/// The codes of a portal account's second factor: those of its authenticator app, and recovery codes. Sign-in and step-up check them here,
/// and count the guesses together.
/// </summary>
public sealed class PortalCodes(
    DeveloperStore developers,
    SecondFactorStore store,
    RateLimits limits,
    KeyRing ring,
    PortalMailer mails,
    TimeProvider clock
)
{
    public const int RecoveryCodeCount = 10;

    /// <summary>With so many recovery codes left, or fewer, the mail about a used one asks to create new ones.</summary>
    public const int FewRecoveryCodes = 2;

    private static readonly Error MustReset = ErrorCodes.InvalidCredentials with
    {
        Message = "There were too many wrong codes, so this password no longer works. Choose a new one with “Forgot your password?”.",
    };
    private static readonly Error WrongCode = ErrorCodes.InvalidCredentials with { Message = "This code is wrong or was already used." };

    /// <summary>Counts an attempt before the code is verified; 700 when the limit is reached.</summary>
    public async Task<Error?> TryAcquireAttempt(string developerId) =>
        await limits.TryAcquire(DeveloperAccounts.Scope, new RateLimitRequest(DefaultLimits.TotpAttempts, developerId)) is null
            ? null
            : AccountValidator.TooManyAttempts;

    /// <summary>
    /// Verifies and consumes a code of the app or a recovery code. Null when it is accepted; 600 when it is wrong or used, or when the
    /// password must be reset; 700 during the back-off. Counts a wrong code, so the caller's transaction must commit a refusal too.
    /// </summary>
    /// <param name="db">The connection.</param>
    /// <param name="developer">As read with a row lock.</param>
    /// <param name="typed">The code as typed.</param>
    /// <param name="client">Where it came from.</param>
    public async Task<Error?> Verify(DbConnection db, Developer developer, string typed, ClientAddress client)
    {
        if (Check(developer) is { } refused)
        {
            return refused;
        }

        var accepted = await TryUse(db, developer, typed);
        if (accepted == AcceptedCode.None)
        {
            await RecordFailure(db, developer, client);
            return WrongCode;
        }

        if (accepted == AcceptedCode.Recovery)
        {
            await NotifyOfRecoveryCode(db, developer, client);
        }

        return null;
    }

    /// <summary>600 after too many wrong codes: nobody gets in before the password is reset. Null otherwise.</summary>
    public static Error? FindForcedReset(Developer developer) => developer.FailedCodes >= CodeGuessing.ForcesReset ? MustReset : null;

    /// <summary>The account's unused recovery codes.</summary>
    public Task<int> CountRecoveryCodes(DbConnection db, Developer developer) => store.CountCodes(db, developer.Id);

    /// <summary>Replaces the recovery codes by ten new ones.</summary>
    public async Task<RecoveryCodes> ReplaceRecoveryCodes(DbConnection db, string developerId)
    {
        var codes = new RecoveryCodes([.. Enumerable.Range(0, RecoveryCodeCount).Select(_ => RecoveryCode.Create())]);
        var hashes = codes.Plain.Select(code => ring.KeyedHash(Purpose(developerId), code));
        await store.ReplaceCodes(db, developerId, hashes, ring.CurrentId);
        return codes;
    }

    public static string Normalise(string code) => string.Concat(TypedCode.Fold(code).Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>Null when the next code may be verified now.</summary>
    private Error? Check(Developer developer) =>
        FindForcedReset(developer) is { } mustReset ? mustReset
        : limits.AreOn && CodeGuessing.Check(developer.FailedCodes, developer.FailedCodeAt, clock.Now()) is not null
            ? AccountValidator.TooManyAttempts
        : null;

    /// <summary>Each code is accepted once, also with concurrent requests (RFC 6238 §5.2).</summary>
    private async Task<AcceptedCode> TryUse(DbConnection db, Developer developer, string typed)
    {
        var code = Normalise(typed);
        if (code.Length == TypedCode.DigitCount)
        {
            return
                developer.TotpSeedSealed is { } seed
                && Totp.FindMatchingStep(ring.Open(PortalAuthenticator.SeedPurpose(developer.Id), seed), code, clock.GetUtcNow())
                    is { } step
                && await store.TryUseStep(db, developer.Id, step)
                ? AcceptedCode.App
                : AcceptedCode.None;
        }

        return
            RecoveryCode.Parse(code) is { } recovery
            && await store.TryConsumeCode(db, developer.Id, ring.KeyedHashes(Purpose(developer.Id), recovery))
            ? AcceptedCode.Recovery
            : AcceptedCode.None;
    }

    /// <summary>Notifies the developer that somebody knows the password, and later that it must be reset.</summary>
    private async Task RecordFailure(DbConnection db, Developer developer, ClientAddress client)
    {
        if (!limits.AreOn)
        {
            return;
        }

        await developers.RecordFailedCode(db, developer.Id, clock.Now());
        var notice = (developer.FailedCodes + 1) switch
        {
            CodeGuessing.Notice => PortalMailKind.CodeGuessing,
            CodeGuessing.ForcesReset => PortalMailKind.ResetRequired,
            _ => null,
        };
        if (notice is not null)
        {
            await mails.Enqueue(db, developer.Email, notice, new PortalMailValues(client.Address));
        }
    }

    private async Task NotifyOfRecoveryCode(DbConnection db, Developer developer, ClientAddress client)
    {
        var left = await CountRecoveryCodes(db, developer);
        var (kind, link) =
            left > FewRecoveryCodes
                ? (PortalMailKind.RecoveryCodeUsed, null)
                : (PortalMailKind.RecoveryCodesLow, PortalAuthenticator.RecoveryCodesPath);
        await mails.Enqueue(db, developer.Email, kind, new PortalMailValues(client.Address, link, Number: left));
    }

    private static string Purpose(string developerId) => $"recovery_code/{developerId}";
}
