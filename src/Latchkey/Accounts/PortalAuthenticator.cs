using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Templates;

namespace Latchkey.Accounts;

/// <summary>The authenticator app of a portal account, and its recovery codes.</summary>
public sealed class PortalAuthenticator(
    Database database,
    DeveloperStore developers,
    SecondFactorStore store,
    PortalSessionStore sessions,
    PortalCodes codes,
    SecondFactorRequirement requirement,
    KeyRing ring,
    PortalMailer mails,
    OwnAccountChanges changes,
    TimeProvider clock
)
{
    /// <summary>The page where the authenticator app is managed.</summary>
    public const string PagePath = "/portal/account/authenticator";

    /// <summary>The page where the recovery codes are managed.</summary>
    public const string RecoveryCodesPath = "/portal/account/recovery-codes";

    private const string Issuer = "Latchkey";
    private static readonly TimeSpan PendingLifetime = TimeSpan.FromMinutes(10);
    private static readonly Error WrongCode = ErrorCodes.InvalidCredentials with
    {
        Message = "This is not the code that the app shows now. Check that your phone's clock is correct.",
    };
    private static readonly Error NothingPending = ErrorCodes.InvalidToken with { Message = "Please start again." };
    private static readonly Error IsRequired = ErrorCodes.InvalidData with
    {
        Message = "The operator requires a second factor of every account. To change phones, use “Use another phone”.",
    };

    /// <summary>Creates a new key. It takes effect when a code confirms it within ten minutes.</summary>
    public Task StartEnrollment(Developer developer)
    {
        var seed = ring.Encrypt(SeedPurpose(developer.Id), Totp.CreateSeed());
        return database.Write(db => store.SetPending(db, developer.Id, seed, clock.Now()));
    }

    /// <summary>The pending key; null when there is none or it has expired.</summary>
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

        if (await codes.TryAcquireAttempt(developer.Id) is { } tooMany)
        {
            return tooMany;
        }

        if (
            Totp.FindMatchingStep(ring.Open(SeedPurpose(developer.Id), seed), PortalCodes.Normalise(code), clock.GetUtcNow())
            is not { } step
        )
        {
            return WrongCode;
        }

        return await changes.Apply<RecoveryCodes>(
            "enableAuthenticator",
            "authenticator app switched on",
            developer,
            client,
            async db =>
            {
                if (!await store.Confirm(db, developer.Id, seed, step))
                {
                    return NothingPending;
                }

                await mails.Enqueue(db, developer.Email, PortalMailKind.SecondFactorOn, new PortalMailValues(client.Address));
                return await codes.ReplaceRecoveryCodes(db, developer.Id);
            }
        );
    }

    /// <summary>Discards an unconfirmed key.</summary>
    public Task CancelEnrollment(Developer developer) => database.Write(db => store.SetPending(db, developer.Id, null, clock.Now()));

    /// <summary>
    /// Switches the authenticator app off. With the last second factor go the recovery codes; 602 when the operator requires one.
    /// </summary>
    public async Task<Result<Done>> Disable(Developer developer, ClientAddress client)
    {
        var isRequired = await requirement.IsOn();
        return await changes.Apply<Done>(
            "disableAuthenticator",
            "authenticator app switched off",
            developer,
            client,
            async db =>
            {
                var isLastFactor = await developers.FindForUpdate(db, developer.Id) is { PasskeyCount: 0 };
                if (isLastFactor && isRequired)
                {
                    return IsRequired;
                }

                await store.RemoveAuthenticator(db, developer.Id);
                if (isLastFactor)
                {
                    await store.RemoveCodes(db, developer.Id);
                }

                var kind = isLastFactor ? PortalMailKind.SecondFactorOff : PortalMailKind.AuthenticatorOff;
                await mails.Enqueue(db, developer.Email, kind, new PortalMailValues(client.Address));
                return default(Done);
            }
        );
    }

    /// <summary>Replaces the recovery codes by ten new ones.</summary>
    public Task<Result<RecoveryCodes>> RegenerateRecoveryCodes(Developer developer, ClientAddress client) =>
        changes.Apply<RecoveryCodes>(
            "renewRecoveryCodes",
            "recovery codes renewed",
            developer,
            client,
            async db =>
            {
                if (await developers.FindForUpdate(db, developer.Id) is not { HasSecondFactor: true })
                {
                    return NothingPending;
                }

                await mails.Enqueue(db, developer.Email, PortalMailKind.RecoveryCodesRenewed, new PortalMailValues(client.Address));
                return await codes.ReplaceRecoveryCodes(db, developer.Id);
            }
        );

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

    public Task<int> CountRecoveryCodes(Developer developer) => database.Read(db => codes.CountRecoveryCodes(db, developer));

    /// <summary>The pending seed, if it has not expired. One without a time was created by an older version.</summary>
    private string? PendingSeed(Developer developer) =>
        developer.TotpPendingAt + (long)PendingLifetime.TotalMilliseconds > clock.Now() ? developer.TotpPendingSealed : null;

    /// <summary>The encryption purpose of a developer's seed.</summary>
    public static string SeedPurpose(string developerId) => $"developers/{developerId}/totp";
}
