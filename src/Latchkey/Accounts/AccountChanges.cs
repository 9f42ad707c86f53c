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
    Reauthentication passwords,
    PasswordHasher hasher,
    PortalMailLimits mailLimits,
    PortalMailer mails,
    InstallationLog log,
    TimeProvider clock
)
{
    public const string ConfirmPath = "/portal/account/confirm-email";
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(1);

    public async Task<Result<Done>> Rename(Developer developer, string raw, ClientAddress client)
    {
        if (AccountValidator.ParseName(raw).Failed(out var name, out var refused))
        {
            return refused;
        }

        await database.Write(db => developers.SetName(db, developer.Id, name));
        log.LogOwnAccount("name changed", developer.Id, client.Address);
        return default(Done);
    }

    /// <summary>
    /// Changes the password and ends all other sessions. Returns everything that is wrong, or nothing: 600 for a wrong current password,
    /// 702 for a new one that is too weak.
    /// </summary>
    public async Task<IReadOnlyList<Error>> SetPassword(
        Developer developer,
        PortalSession session,
        string current,
        string next,
        ClientAddress client
    )
    {
        var (input, weak) = AccountValidator.ParsePassword(next);
        if (Listed(await passwords.Verify(developer, current), weak) is { Count: > 0 } errors)
        {
            return errors;
        }

        if ((await hasher.Hash(HashingShare.ForScope(DeveloperAccounts.Scope, client.Network), input)).Failed(out var hash, out var busy))
        {
            return [AccountValidator.Busy];
        }

        var changed = await Change(
            "password changed",
            developer,
            client,
            async db =>
            {
                if (await developers.FindForUpdate(db, developer.Id) is not { } row || row.PasswordHash != developer.PasswordHash)
                {
                    return AccountValidator.WrongPassword; // it was changed in the meantime
                }

                await developers.SetPassword(db, developer.Id, hash);
                await sessions.EndAll(db, developer.Id, session.Id);
                await links.EndAll(db, developer.Id);
                await mails.Enqueue(db, row.Email, PortalMailKind.PasswordChanged, new PortalMailValues(client.Address));
                return default(Done);
            }
        );
        return Listed(changed.Error);
    }

    /// <summary>
    /// Mails a confirmation link to the new address; the old one stays in use until the link is opened. The response does not reveal
    /// whether the new address has an account. Returns everything that is wrong, or nothing: 602 for text that is no address, 600 for a
    /// wrong password, 700 after too many mails.
    /// </summary>
    public async Task<IReadOnlyList<Error>> RequestEmailChange(Developer developer, string password, string raw, ClientAddress client)
    {
        var wrongPassword = await passwords.Verify(developer, password);
        if (AccountValidator.ParseEmail(raw).Failed(out var email, out var notAnAddress) || wrongPassword is not null)
        {
            return Listed(notAnAddress, wrongPassword);
        }

        if (await mailLimits.TryAcquire(email, client.Network) is { } tooMany)
        {
            return [tooMany];
        }

        var (token, expiresAt) = (Secrets.Token(), clock.Now() + (long)LinkLifetime.TotalMilliseconds);
        await Change(
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
        return [];
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
            return await Change(
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

    private static List<Error> Listed(params Error?[] errors) => [.. errors.OfType<Error>()];

    private async Task<Result<Done>> Change(
        string what,
        Developer developer,
        ClientAddress client,
        Func<DbConnection, Task<Result<Done>>> change
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
}
