using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Templates;

namespace Latchkey.Accounts;

/// <summary>Portal signup: a mailed link verifies the address, then the account is created. Prevents user enumeration.</summary>
public sealed class PortalSignUp(
    Database database,
    DeveloperStore developers,
    PortalSettingStore setting,
    DeveloperLinkStore links,
    DeveloperAccounts accounts,
    PortalMailLimits mailLimits,
    PortalMailer mails,
    InstallationLog log,
    TimeProvider clock
)
{
    public const string CompletePath = "/portal/sign-up/finish";
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(1);
    private static readonly Error Closed = ErrorCodes.SignupDisabled with
    {
        Message = "Sign-up is closed on this installation. Ask its operator for an invitation.",
    };
    private static readonly Error NoSuchMode = ErrorCodes.InvalidData with
    {
        Message = $"Choose one of {string.Join(", ", SignUpMode.All)}.",
    };

    /// <summary>A <see cref="SignUpMode"/>; by default, by invitation.</summary>
    public async Task<string> GetMode() => await database.Read(setting.GetSignUpMode) ?? SignUpMode.Invitation;

    public async Task<Result<Done>> SetMode(string mode, Actor actor)
    {
        if (!SignUpMode.All.Contains(mode, StringComparer.Ordinal))
        {
            return NoSuchMode;
        }

        await log.Write(InstallationEntry.By(actor, "setSignUpMode", $"sign-up set to {mode}"), db => setting.SetSignUpMode(db, mode));
        return default(Done);
    }

    /// <summary>
    /// Mails a signup link. The response and the work are the same for an address that has an account, which gets a mail that says so.
    /// </summary>
    public async Task<Result<Done>> RequestLink(string raw, ClientAddress client)
    {
        if (await GetMode() != SignUpMode.Open)
        {
            return Closed;
        }

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
            var isKnown = await developers.FindByEmail(db, email) is not null;
            await links.Insert(
                db,
                new DeveloperLink
                {
                    TokenHash = Secrets.Hash(token),
                    Purpose = LinkPurpose.SignUp,
                    Email = email,
                    ExpiresAt = expiresAt,
                }
            );
            await mails.Enqueue(
                db,
                email,
                isKnown ? PortalMailKind.AccountExists : PortalMailKind.SignUp,
                isKnown
                    ? new PortalMailValues(client.Address, "/portal/sign-in")
                    : new PortalMailValues(client.Address, $"{CompletePath}?token={token}", ExpiresAt: expiresAt)
            );
        });
        mails.Wake();
        return default(Done);
    }

    /// <summary>
    /// The address that the link was mailed to; null when the link is invalid, used or expired, or signup was closed since.
    /// </summary>
    public async Task<string?> FindEmail(string token) =>
        await GetMode() == SignUpMode.Open
            ? (await database.Read(db => links.Find(db, Secrets.Hash(token), LinkPurpose.SignUp, clock.Now())))?.Email
            : null;

    /// <summary>Creates the account; the link has verified its address. 613 when the link is invalid, used or expired.</summary>
    public async Task<Result<Developer>> Complete(string token, string name, string password, ClientAddress client) =>
        await FindEmail(token) is not { } email
            ? AccountValidator.InvalidLink
            : await accounts.Create(
                name,
                email,
                password,
                Role.Developer,
                new Actor("sign-up", client.Address),
                async (db, _) =>
                    await links.TryConsume(db, Secrets.Hash(token), LinkPurpose.SignUp, clock.Now())
                        ? default(Done)
                        : AccountValidator.InvalidLink
            );
}
