using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Asks for and stores new passkeys of users, which may be their first second factor.</summary>
public sealed class NewPasskeys(
    Database database,
    PasskeyStore store,
    PasskeyCeremony ceremony,
    UserRecoveryCodes recoveryCodes,
    LastFactor lastFactor,
    SecurityNotifications notifications,
    InstallationSettings installation,
    TimeProvider clock
)
{
    private const int MaxPasskeys = 20;
    private static readonly Error TooMany = ErrorCodes.InvalidData with
    {
        Message = $"a user has at most {MaxPasskeys} passkeys; delete one first",
    };

    /// <summary>602 for a user who has as many as allowed.</summary>
    public static Error? RefuseAnother(int count) => count >= MaxPasskeys ? TooMany : null;

    /// <summary>The options for a new passkey.</summary>
    /// <param name="existing">The user's passkeys, those of an earlier relying party too.</param>
    /// <param name="purpose">A <see cref="PasskeyPurpose"/>.</param>
    /// <param name="subject">The session or login that asks.</param>
    public async Task<PasskeyOptions> Ask(
        Application application,
        User user,
        IReadOnlyList<Passkey> existing,
        string purpose,
        string subject
    )
    {
        var relyingParty = RelyingParty.Of(application, installation);
        return ceremony.Register(
            relyingParty,
            purpose,
            subject,
            await FindOrAddUserHandle(user),
            user.Handle,
            existing.Where(passkey => passkey.RpId == relyingParty.Id)
        );
    }

    /// <summary>The id by which authenticators know the user; made when it is first asked for.</summary>
    private async Task<string> FindOrAddUserHandle(User user) =>
        await database.Read(db => store.FindUserHandle(db, user.AppId, user.Id))
        ?? await database.Write(db => store.FindOrAddUserHandle(db, user.AppId, user.Id, PasskeyCeremony.NewUserHandle()));

    /// <summary>
    /// Stores a passkey and mails the user. 602 when the user has too many, 717 when its challenge was used or its credential is there
    /// already. Runs in the caller's transaction, with the user's row locked.
    /// </summary>
    /// <param name="name">What the user calls it; null for its model's name.</param>
    public async Task<Result<AddedPasskey>> Store(
        DbConnection db,
        Application application,
        User user,
        RegisteredPasskey registered,
        string? name,
        ClientAddress client
    )
    {
        if (!await store.UseChallenge(db, registered.Request))
        {
            return ErrorCodes.InvalidPasskey.WithCause("the request token was used before");
        }

        if (RefuseAnother((await store.List(db, user.AppId, user.Id)).Count) is { } tooMany)
        {
            return tooMany;
        }

        var passkey = registered.Passkey with
        {
            AppId = user.AppId,
            Id = Ids.New(clock),
            UserId = user.Id,
            Name = name ?? PasskeyModels.NameOf(registered.Passkey.Aaguid),
            CreatedAt = clock.Now(),
        };
        if (!await store.Insert(db, passkey))
        {
            return ErrorCodes.InvalidPasskey.WithCause("the credential is registered already");
        }

        await notifications.Send(db, application, user, MessageKind.PasskeyAdded, client.Address);
        var isFirstFactor = application.Settings.CountsPasskeysAsFactor && !user.HasSecondFactor(application.Settings);
        if (!isFirstFactor)
        {
            return new AddedPasskey(passkey, RecoveryCodes: null);
        }

        await lastFactor.RemoveLeftovers(db, user);
        return new AddedPasskey(passkey, await recoveryCodes.Renew(db, user));
    }
}
