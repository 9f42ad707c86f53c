using System.Data.Common;
using System.Text.Json;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Messages.Templates;

namespace Latchkey.Accounts;

/// <summary>
/// Mails the link with which a developer sets a new password. The response is the same for every address, and comes before anybody looks
/// for the account.
/// </summary>
public sealed class PortalResetMailer(
    DeveloperStore developers,
    DeveloperLinkStore links,
    PortalMailLimits mailLimits,
    PortalMailer mails,
    DeferredWork deferred,
    TimeProvider clock
) : IDeferredWork
{
    public const string Path = "/portal/reset";
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string Kind => "portalReset";

    /// <summary>602 for text that is no address; 700 after too many requests.</summary>
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

        await deferred.Add(Kind, new DeferredPortalReset(email, client.Address), AccountsJson.Default.DeferredPortalReset);
        return default(Done);
    }

    /// <inheritdoc/>
    public Task<Func<DbConnection, Task>?> Prepare(string input) =>
        Task.FromResult<Func<DbConnection, Task>?>(
            JsonSerializer.Deserialize(input, AccountsJson.Default.DeferredPortalReset) is { } request ? db => Mail(db, request) : null
        );

    /// <inheritdoc/>
    public void Finish() => mails.Wake();

    private async Task Mail(DbConnection db, DeferredPortalReset request)
    {
        if (await developers.FindByEmail(db, request.Email) is not { IsActive: true } developer)
        {
            return;
        }

        var (token, expiresAt) = (Secrets.Token(), clock.Now() + (long)LinkLifetime.TotalMilliseconds);
        await links.Insert(
            db,
            new DeveloperLink
            {
                TokenHash = Secrets.Hash(token),
                Purpose = LinkPurpose.Reset,
                DeveloperId = developer.Id,
                Email = request.Email,
                ExpiresAt = expiresAt,
            }
        );
        await mails.Enqueue(
            db,
            developer.Email,
            PortalMailKind.ResetPassword,
            new PortalMailValues(request.Client, $"{Path}?token={token}", ExpiresAt: expiresAt)
        );
    }
}
