using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Templates;
using Latchkey.Users.Passwords;

namespace Latchkey.Accounts;

/// <summary>Password reset by the link of <see cref="PortalResetMailer"/>. The second factor stays.</summary>
public sealed class PortalPasswordReset(
    Database database,
    DeveloperStore developers,
    PortalSessionStore sessions,
    DeveloperLinkStore links,
    DeveloperInvitationStore invitations,
    PasswordHasher hasher,
    PasswordAttempts passwordAttempts,
    PortalMailer mails,
    InstallationLog log,
    TimeProvider clock
)
{
    public async Task<bool> IsLinkValid(string token) => await Find(token) is not null;

    /// <summary>
    /// Consumes the link and sets the password. Ends all sessions and revokes the account's invitations, which an attacker may have sent.
    /// 613 when the link is invalid, used or expired; 702 when the password is too weak.
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

        if ((await hasher.Hash(HashingShare.ForScope(DeveloperAccounts.Scope, client.Network), input)).Failed(out var hash, out var busy))
        {
            return AccountValidator.Busy;
        }

        var reset = await log.Write(
            InstallationEntry.OfOwnAccount("resetPassword", "password reset by a mailed link", developerId, client),
            db => Reset(db, developerId, token, hash, client)
        );
        if (reset.Succeeded)
        {
            mails.Wake();
        }

        return reset;
    }

    private async Task<Result<Done>> Reset(DbConnection db, string developerId, string token, string hash, ClientAddress client)
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
        await passwordAttempts.TrustNetwork(db, DeveloperAccounts.Scope, developer.Email, client);
        await mails.Enqueue(db, developer.Email, PortalMailKind.PasswordChanged, new PortalMailValues(client.Address));
        return default(Done);
    }

    private async Task<DeveloperLink?> Find(string token) =>
        await database.Read(db => links.Find(db, Secrets.Hash(token), LinkPurpose.Reset, clock.Now())) is { DeveloperId: not null } link
            ? link
            : null;
}
