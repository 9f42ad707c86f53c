using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Templates;
using Latchkey.Users.Passwords;

namespace Latchkey.Accounts;

/// <summary>A new password for someone who forgot theirs, by a mailed link. The second factor stays.</summary>
public sealed class PortalPasswordReset(
    Database database,
    DeveloperStore developers,
    PortalSessionStore sessions,
    DeveloperLinkStore links,
    DeveloperInvitationStore invitations,
    PasswordHasher hasher,
    PortalMailLimits mailLimits,
    PortalMailer mails,
    InstallationLog log,
    TimeProvider clock
)
{
    public const string Path = "/portal/reset";
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(1);

    /// <summary>
    /// The same answer and work for every address: one without an account gets a link that is never mailed and leads nowhere.
    /// </summary>
    public async Task<Result<Done>> RequestLink(string raw, ClientAddress client)
    {
        if (AccountValidator.ParseEmail(raw).Failed(out var email, out var notAnAddress))
        {
            return notAnAddress;
        }

        if (await mailLimits.TryAcquire(email, client.Network) is { } refused)
        {
            return refused;
        }

        var (token, expiresAt) = (Secrets.Token(), clock.Now() + (long)LinkLifetime.TotalMilliseconds);
        await database.Write(async db =>
        {
            var developer = await developers.FindByEmail(db, email) is { IsActive: true } active ? active : null;
            await links.Insert(
                db,
                new DeveloperLink
                {
                    TokenHash = Secrets.Hash(token),
                    Purpose = LinkPurpose.Reset,
                    DeveloperId = developer?.Id,
                    Email = email,
                    ExpiresAt = expiresAt,
                }
            );
            if (developer is not null)
            {
                await mails.Enqueue(
                    db,
                    developer.Email,
                    PortalMailKind.ResetPassword,
                    new PortalMailValues(client.Address, $"{Path}?token={token}", ExpiresAt: expiresAt)
                );
            }
        });
        mails.Wake();
        return default(Done);
    }

    public async Task<bool> IsLinkValid(string token) => await Find(token) is not null;

    /// <summary>
    /// Uses the link up, signs every browser out and ends invitations, which somebody else may have sent. 613 for a link that is not alive,
    /// 702 for a password that is too weak.
    /// </summary>
    public async Task<Result<Done>> Reset(string token, string password, ClientAddress client)
    {
        if (await Find(token) is not { DeveloperId: { } developerId })
        {
            return AccountValidator.InvalidLink;
        }

        if (AccountValidator.ParsePassword(password).Failed(out var input, out var weak))
        {
            return weak;
        }

        if ((await hasher.Hash(DeveloperAccounts.Scope, input)).Failed(out var hash, out var busy))
        {
            return AccountValidator.Busy;
        }

        var reset = await database.Write<Result<Done>>(async db =>
        {
            if (
                await developers.FindForUpdate(db, developerId) is not { IsActive: true } developer
                || !await links.TryConsume(db, Secrets.Hash(token), LinkPurpose.Reset, clock.Now())
            )
            {
                return AccountValidator.InvalidLink;
            }

            await developers.SetPassword(db, developer.Id, hash);
            await sessions.EndAll(db, developer.Id);
            await links.EndAll(db, developer.Id);
            await invitations.RevokeAllBy(db, developer);
            await mails.Enqueue(db, developer.Email, PortalMailKind.PasswordChanged, new PortalMailValues(client.Address));
            return default(Done);
        });
        if (reset.Succeeded)
        {
            log.LogOwnAccount("password reset by a mailed link", developerId, client.Address);
            mails.Wake();
        }

        return reset;
    }

    private async Task<DeveloperLink?> Find(string token) =>
        await database.Read(db => links.Find(db, Secrets.Hash(token), LinkPurpose.Reset, clock.Now())) is { DeveloperId: not null } link
            ? link
            : null;
}
