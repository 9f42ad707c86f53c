using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Templates;
using Latchkey.Users.Passkeys;

namespace Latchkey.Accounts;

/// <summary>A signed-in developer gets a passkey.</summary>
public sealed class PortalPasskeyRegistration(
    Database database,
    DeveloperStore developers,
    PortalSessionStore sessions,
    DeveloperPasskeyStore store,
    PortalPasskeyProofs proofs,
    PasskeyCeremony ceremony,
    PortalRelyingParty portal,
    PortalCodes codes,
    PortalMailer mails,
    InstallationLog log
)
{
    private const int MaxPasskeys = 20;
    private static readonly Error TooMany = ErrorCodes.InvalidData with
    {
        Message = $"An account has at most {MaxPasskeys} passkeys. Remove one first.",
    };

    /// <summary>The options for a new passkey; null where browsers have no passkeys for the portal.</summary>
    public async Task<PasskeyOptions?> Ask(Developer developer, PortalSession session)
    {
        if (portal.Value is not { } relyingParty)
        {
            return null;
        }

        var (found, existing) = await database.Read(async db =>
            (await store.FindUserHandle(db, developer.Id), await store.List(db, developer.Id))
        );
        var userHandle = found ?? await database.Write(db => store.FindOrAddUserHandle(db, developer.Id, PasskeyCeremony.NewUserHandle()));
        return ceremony.Register(
            relyingParty,
            PasskeyPurpose.Registration,
            session.Id,
            userHandle,
            developer.Email,
            existing.Where(passkey => passkey.RpId == relyingParty.Id)
        );
    }

    /// <summary>
    /// Stores the new passkey and mails the developer. 717 when it is not the answer to <see cref="Ask"/> in this session; 602 when it is
    /// no credential, has a bad name, or the account has too many.
    /// </summary>
    /// <param name="rawName">What the developer calls it; empty for its model's name.</param>
    public async Task<Result<AddedDeveloperPasskey>> Add(
        Developer developer,
        PortalSession session,
        string requestToken,
        string credential,
        string rawName,
        ClientAddress client
    )
    {
        var name = "";
        if (rawName.Trim().Length > 0 && PortalPasskeys.ParseName(rawName).Failed(out name, out var badName))
        {
            return badName;
        }

        if (portal.Value is not { } relyingParty)
        {
            return PortalPasskeyProofs.Refused;
        }

        var verified = ceremony
            .ReadRequest(relyingParty, PasskeyPurpose.Registration, session.Id, requestToken)
            .Failed(out var request, out var notAsked)
            ? notAsked
            : await ceremony.VerifyRegistration(relyingParty, request, credential);
        var stored = verified.Failed(out var registered, out var refused)
            ? PortalPasskeyProofs.Refuse(refused)
            : await database.Write(db => Store(db, developer, session, registered, name, client));
        var what = stored.Error is { } error ? $"passkey not added: {error.Cause}" : "passkey added";
        await log.Add(InstallationEntry.OfOwnAccount("addPasskey", what, developer.Id, client, isRefused: !stored.Succeeded));
        mails.Wake();
        return stored;
    }

    private async Task<Result<AddedDeveloperPasskey>> Store(
        DbConnection db,
        Developer developer,
        PortalSession session,
        RegisteredPasskey registered,
        string name,
        ClientAddress client
    )
    {
        if (await developers.FindForUpdate(db, developer.Id) is not { IsActive: true } row || !await sessions.Exists(db, session.TokenHash))
        {
            return PortalPasskeyProofs.Refused.WithCause("the account is gone or suspended, or the session ended meanwhile");
        }

        if (!await proofs.TryUseChallenge(db, registered.Request))
        {
            return PortalPasskeyProofs.Refused.WithCause("the request token was used before");
        }

        if (row.PasskeyCount >= MaxPasskeys)
        {
            return TooMany;
        }

        var passkey = registered.Passkey with
        {
            Id = Ids.New(database.Clock),
            UserId = row.Id,
            Name = name.Length > 0 ? name : PasskeyModels.NameOf(registered.Passkey.Aaguid),
            CreatedAt = database.Clock.Now(),
        };
        if (!await store.Insert(db, passkey))
        {
            return PortalPasskeyProofs.Refused.WithCause("the credential is registered already");
        }

        await mails.Enqueue(db, row.Email, PortalMailKind.PasskeyAdded, new PortalMailValues(client.Address));
        return new AddedDeveloperPasskey(row.HasSecondFactor ? null : await codes.ReplaceRecoveryCodes(db, row.Id));
    }
}
