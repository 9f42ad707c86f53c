using System.Data.Common;
using System.Security.Cryptography;
using Latchkey.Activity.Audit;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Templates;

namespace Latchkey.Accounts;

/// <summary>The authenticator app of a portal account, and its recovery codes.</summary>
public sealed class PortalAuthenticator(
    Database database,
    DeveloperStore developers,
    SecondFactorStore store,
    PortalSessionStore sessions,
    Reauthentication passwords,
    RateLimits limits,
    KeyRing ring,
    PortalMailer mails,
    InstallationLog log,
    TimeProvider clock
)
{
    private const int RecoveryCodeCount = 10;
    private const string Issuer = "Latchkey";

    /// <summary>Letters and digits that are not easily confused.</summary>
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int CodeLength = 12;
    private static readonly TimeSpan PendingLifetime = TimeSpan.FromMinutes(10);
    private static readonly Error WrongCode = ErrorCodes.InvalidCredentials with
    {
        Message = "This is not the code that the app shows now. Check that your phone's clock is correct.",
    };

    /// <summary>600 after too many wrong codes, until the password is reset.</summary>
    public static readonly Error MustReset = ErrorCodes.InvalidCredentials with
    {
        Message = "There were too many wrong codes, so this password no longer works. Choose a new one with “Forgot your password?”.",
    };
    private static readonly Error NothingPending = ErrorCodes.InvalidToken with { Message = "Please start again." };

    /// <summary>Creates a new key. It takes effect when a code confirms it within ten minutes. 600 for a wrong password.</summary>
    public async Task<Result<Done>> StartEnrollment(Developer developer, string password)
    {
        if (await passwords.Verify(developer, password) is { } refused)
        {
            return refused;
        }

        var seed = ring.Encrypt(SeedPurpose(developer.Id), Totp.CreateSeed());
        await database.Write(db => store.SetPending(db, developer.Id, seed, clock.Now()));
        return default(Done);
    }

    /// <summary>The pending key; null when there is none or it has expired. Shown again without asking for the password.</summary>
    public PendingAuthenticator? FindPendingEnrollment(Developer developer)
    {
        if (PendingSeed(developer) is not { } seed)
        {
            return null;
        }

        var key = Totp.ToBase32(ring.Open(SeedPurpose(developer.Id), seed));
        return new PendingAuthenticator(
            Totp.FormatSecret(key),
            Convert.ToBase64String(QrCode.Png(Totp.KeyUri(Issuer, developer.Email, key)))
        );
    }

    /// <summary>Enables the second factor with the app's first code. Returns the recovery codes, which are shown only once.</summary>
    public async Task<Result<RecoveryCodes>> ConfirmEnrollment(Developer developer, string code, ClientAddress client)
    {
        if (PendingSeed(developer) is not { } seed)
        {
            return NothingPending;
        }

        if (await TryAcquireAttempt(developer.Id) is { } tooMany)
        {
            return tooMany;
        }

        if (Totp.FindMatchingStep(ring.Open(SeedPurpose(developer.Id), seed), NormaliseCode(code), clock.GetUtcNow()) is not { } step)
        {
            return WrongCode;
        }

        var codes = GenerateRecoveryCodes();
        return await Change<RecoveryCodes>(
            "authenticator app switched on",
            developer,
            client,
            async db =>
            {
                if (!await store.Confirm(db, developer.Id, seed, step))
                {
                    return NothingPending;
                }

                await store.ReplaceCodes(db, developer.Id, Hashes(developer.Id, codes), ring.CurrentId);
                await mails.Enqueue(db, developer.Email, PortalMailKind.SecondFactorOn, new PortalMailValues(client.Address));
                return codes;
            }
        );
    }

    /// <summary>Discards an unconfirmed key.</summary>
    public Task CancelEnrollment(Developer developer) => database.Write(db => store.SetPending(db, developer.Id, null, clock.Now()));

    /// <summary>Disables the second factor. 600 for a wrong password.</summary>
    public async Task<Result<Done>> Disable(Developer developer, string password, ClientAddress client) =>
        await passwords.Verify(developer, password) is { } refused
            ? refused
            : await Change<Done>(
                "authenticator app switched off",
                developer,
                client,
                async db =>
                {
                    await store.Clear(db, developer.Id);
                    await mails.Enqueue(db, developer.Email, PortalMailKind.SecondFactorOff, new PortalMailValues(client.Address));
                    return default(Done);
                }
            );

    /// <summary>Replaces the recovery codes by ten new ones. 600 for a wrong password.</summary>
    public async Task<Result<RecoveryCodes>> RegenerateRecoveryCodes(Developer developer, string password, ClientAddress client)
    {
        if (await passwords.Verify(developer, password) is { } refused)
        {
            return refused;
        }

        var codes = GenerateRecoveryCodes();
        return await Change<RecoveryCodes>(
            "recovery codes renewed",
            developer,
            client,
            async db =>
            {
                if (await developers.FindForUpdate(db, developer.Id) is not { HasSecondFactor: true })
                {
                    return NothingPending;
                }

                await store.ReplaceCodes(db, developer.Id, Hashes(developer.Id, codes), ring.CurrentId);
                await mails.Enqueue(db, developer.Email, PortalMailKind.RecoveryCodesRenewed, new PortalMailValues(client.Address));
                return codes;
            }
        );
    }

    /// <summary>Removes the second factor of an account, for an operator. Runs in the caller's transaction.</summary>
    public async Task Reset(DbConnection db, Developer developer, Actor actor)
    {
        await store.Clear(db, developer.Id);
        await sessions.EndPendingLogins(db, developer.Id);
        await mails.Enqueue(
            db,
            developer.Email,
            PortalMailKind.SecondFactorReset,
            new PortalMailValues(actor.Client, ActorName: actor.Name)
        );
    }

    /// <summary>
    /// Verifies and consumes a code of the app or a recovery code. Each is accepted once, also with concurrent requests (RFC 6238 §5.2).
    /// </summary>
    public async Task<AcceptedCode> TryUseCode(DbConnection db, Developer developer, string typed)
    {
        var code = NormaliseCode(typed);
        if (code.Length == TypedCode.DigitCount)
        {
            return
                developer.TotpSeedSealed is { } seed
                && Totp.FindMatchingStep(ring.Open(SeedPurpose(developer.Id), seed), code, clock.GetUtcNow()) is { } step
                && await store.TryUseStep(db, developer.Id, step)
                ? AcceptedCode.App
                : AcceptedCode.None;
        }

        return code.Length == CodeLength && await store.TryConsumeCode(db, developer.Id, ring.KeyedHashes(CodePurpose(developer.Id), code))
            ? AcceptedCode.Recovery
            : AcceptedCode.None;
    }

    /// <summary>Counts an attempt before the code is verified; 700 when the limit is reached.</summary>
    public async Task<Error?> TryAcquireAttempt(string developerId) =>
        await limits.TryAcquire(DeveloperAccounts.Scope, new RateLimitRequest(DefaultLimits.TotpAttempts, developerId)) is null
            ? null
            : AccountValidator.TooManyAttempts;

    /// <summary>Null when the next code may be verified now; 700 during the back-off, 600 once the password must be reset.</summary>
    /// <param name="developer">As read with a row lock.</param>
    public Error? Check(Developer developer) =>
        developer.FailedCodes >= CodeGuessing.ForcesReset ? MustReset
        : limits.AreOn && CodeGuessing.Check(developer.FailedCodes, developer.FailedCodeAt, clock.Now()) is not null
            ? AccountValidator.TooManyAttempts
        : null;

    /// <summary>
    /// Counts a wrong code. Notifies the developer that somebody knows the password, and later that it must be reset. The caller's
    /// transaction has locked the row.
    /// </summary>
    public async Task RecordFailure(DbConnection db, Developer developer, ClientAddress client)
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

    public Task<int> CountRecoveryCodes(Developer developer) => database.Read(db => CountRecoveryCodes(db, developer));

    public Task<int> CountRecoveryCodes(DbConnection db, Developer developer) => store.CountCodes(db, developer.Id);

    /// <summary>The pending seed, if it has not expired. One without a time was created by an older version.</summary>
    private string? PendingSeed(Developer developer) =>
        developer.TotpPendingAt + (long)PendingLifetime.TotalMilliseconds > clock.Now() ? developer.TotpPendingSealed : null;

    private async Task<Result<T>> Change<T>(
        string what,
        Developer developer,
        ClientAddress client,
        Func<DbConnection, Task<Result<T>>> change
    )
    {
        var changed = await database.Write(change);
        if (changed.Succeeded)
        {
            log.LogOwnAccount(what, developer.Id, client.Address);
            mails.Wake();
        }

        return changed;
    }

    private static RecoveryCodes GenerateRecoveryCodes() =>
        new([.. Enumerable.Range(0, RecoveryCodeCount).Select(_ => RandomNumberGenerator.GetString(Alphabet, CodeLength))]);

    private IEnumerable<string> Hashes(string developerId, RecoveryCodes codes) =>
        codes.Plain.Select(code => ring.KeyedHash(CodePurpose(developerId), code));

    private static string NormaliseCode(string code) =>
        string.Concat(TypedCode.Fold(code).Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>The encryption purpose of a developer's seed.</summary>
    public static string SeedPurpose(string developerId) => $"developers/{developerId}/totp";

    private static string CodePurpose(string developerId) => $"recovery_code/{developerId}";
}
