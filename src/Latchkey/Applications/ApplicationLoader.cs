using System.Data.Common;
using Latchkey.Applications.Branding;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Members;
using Latchkey.Applications.Resources;
using Latchkey.Applications.Settings;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Applications;

/// <summary>Reads applications with all that serving them needs.</summary>
public sealed class ApplicationLoader(
    ApplicationStore store,
    SigningKeyStore signingKeys,
    CredentialStore credentials,
    LegacyCredentialStore movedIn,
    InstallationLimitStore limits,
    MemberStore members,
    ResourceStore resources,
    IdentityProviderStore identityProviders,
    SigningKeys keys,
    TimeProvider clock
)
{
    /// <summary>Null when there is none with this id.</summary>
    public async Task<Application?> Load(DbConnection db, string appId)
    {
        if (await store.Find(db, appId) is not { } row)
        {
            return null;
        }

        var rows = await signingKeys.ListByApplication(db, appId);
        var active = rows.First(key => key.State == SigningKeyState.Active);
        var bounds = (await limits.Read(db)).ForType(row.Type);
        return new Application(
            row,
            bounds.Cap(SettingsDocument.Read(row.Settings)),
            keys.Open(active),
            active.PublicKey,
            [.. rows.Select(SigningKeys.OpenPublic)],
            [.. (await credentials.Tokens(db, appId, clock.Now())).Select(token => token.Credential)],
            [.. (await credentials.Secrets(db, appId, clock.Now())).Select(secret => secret.Credential)],
            await store.Templates(db, appId)
        )
        {
            RecipientsPerDay = bounds.RecipientsPerDay ?? TypeLimits.Shipped.RecipientsPerDay ?? 0,
            OwnerId = await members.FirstOwner(db, appId),
            Resources = await resources.List(db, appId),
            IdentityProviders = await identityProviders.List(db, appId),
            Brand = await BrandStore.FindPublished(db, appId),
            SlowestHash = await movedIn.SlowestHash(db, appId),
            LegacyServer = LegacyServer.Create(await movedIn.FindLegacyServer(db, appId)),
        };
    }
}
