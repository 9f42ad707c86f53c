using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Templates;
using Latchkey.Users.Passwords;

namespace Latchkey.Accounts;

/// <summary>Changes that developers make to their own accounts.</summary>
public sealed class AccountChanges(
    Database database,
    DeveloperStore developers,
    PortalSessionStore sessions,
    DeveloperLinkStore links,
    PasswordHasher hasher,
    PortalMailLimits mailLimits,
    PortalMailer mails,
    OwnAccountChanges changes,
    InstallationLog log,
    TimeProvider clock
)
{
    public const string ConfirmPath = "/portal/account/confirm-email";
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(1);
    private static readonly Error ChangedMeanwhile = ErrorCodes.InvalidData with
    {
        Message = "The password was changed elsewhere in the meantime. Please try again.",
    };

    public async Task<Result<Done>> Rename(Developer developer, string raw, ClientAddress client)
    {
        if (AccountValidator.ParseName(raw).Failed(out var name, out var refused))
        {
            return refused;
        }

        await log.Write(
            InstallationEntry.OfOwnAccount("changeName", "name changed", developer.Id, client),
            db => developers.SetName(db, developer.Id, name)
        );
        return default(Done);
    }

    /// <summary>Changes the password and ends all other sessions. 702 for one that is too weak.</summary>
    public async Task<Result<Done>> SetPassword(Developer developer, PortalSession session, string next, ClientAddress client)
    {
        if (AccountValidator.ParsePassword(next).Failed(out var input, out var weak))
        {
            return weak;
        }

        if ((await hasher.Hash(HashingShare.ForScope(DeveloperAccounts.Scope, client.Network), input)).Failed(out var hash, out var busy))
        {
            return AccountValidator.Busy;
        }

        return await changes.Apply<Done>(
            "changePassword",
            "password changed",
            developer,
            client,
            async db =>
            {
                if (await developers.FindForUpdate(db, developer.Id) is not { } row || row.PasswordHash != developer.PasswordHash)
                {
                    return ChangedMeanwhile;
                }

                await developers.SetPassword(db, developer.Id, hash);
                await sessions.EndAll(db, developer.Id, session.Id);
                await links.EndAll(db, developer.Id);
                await mails.Enqueue(db, row.Email, PortalMailKind.PasswordChanged, new PortalMailValues(client.Address));
                return default(Done);
            }
        );
    }

    /// <summary>
    /// Mails a confirmation link to the new address; the old one stays in use until the link is opened. The response does not reveal
    /// whether the new address has an account. 602 for text that is no address, 700 after too many mails.
    /// </summary>
    public async Task<Result<Done>> RequestEmailChange(Developer developer, string raw, ClientAddress client)
    {
        if (AccountValidator.ParseEmail(raw).Failed(out var email, out var notAnAddress))
        {
            return notAnAddress;
        }

        if (await mailLimits.TryAcquire(email, client.Network) is { } tooMany)
        {
            return tooMany;
        }

        var (token, expiresAt) = (Secrets.Token(), clock.Now() + (long)LinkLifetime.TotalMilliseconds);
        return await changes.Apply<Done>(
            "requestEmailChange",
            "link to a new address asked for",
            developer,
            client,
            async db =>
            {
                await links.Insert(
                    db,
                    new DeveloperLink
                    {
                        TokenHash = Secrets.Hash(token),
                        Purpose = LinkPurpose.Email,
                        DeveloperId = developer.Id,
                        Email = email,
                        ExpiresAt = expiresAt,
                    }
                );
                await (
                    await developers.FindByEmail(db, email) is null
                        ? mails.Enqueue(
                            db,
                            email,
                            PortalMailKind.ConfirmEmail,
                            new PortalMailValues(client.Address, $"{ConfirmPath}?token={token}", ExpiresAt: expiresAt)
                        )
                        : mails.Enqueue(db, email, PortalMailKind.AccountExists, new PortalMailValues(client.Address, "/portal/sign-in"))
                );
                return default(Done);
            }
        );
    }

    /// <summary>The address that the link would confirm; null when the link is used, expired, or another account's.</summary>
    public async Task<string?> FindPendingEmail(Developer developer, string token) =>
        await database.Read(db => links.Find(db, Secrets.Hash(token), LinkPurpose.Email, clock.Now())) is { } link
        && link.DeveloperId == developer.Id
            ? link.Email
            : null;

    /// <summary>613 when the link is invalid, used or expired; 601 when another account has taken the address since.</summary>
    public async Task<Result<Done>> ConfirmEmail(Developer developer, string token, ClientAddress client)
    {
        if (await FindPendingEmail(developer, token) is not { } email)
        {
            return AccountValidator.InvalidLink;
        }

        try
        {
            return await changes.Apply<Done>(
                "changeEmail",
                "address changed",
                developer,
                client,
                async db =>
                {
                    if (
                        !await links.TryConsume(db, Secrets.Hash(token), LinkPurpose.Email, clock.Now())
                        || await developers.FindForUpdate(db, developer.Id) is not { } row
                    )
                    {
                        return AccountValidator.InvalidLink;
                    }

                    await developers.SetEmail(db, row.Id, email);
                    await links.EndAll(db, row.Id); // links sent to the old address
                    await mails.Enqueue(db, row.Email, PortalMailKind.EmailChanged, new PortalMailValues(client.Address));
                    return default(Done);
                }
            );
        }
        catch (DbException e) when (database.Dialect.IsUniqueViolation(e, "email_key"))
        {
            return AccountValidator.AddressTaken;
        }
    }
}
