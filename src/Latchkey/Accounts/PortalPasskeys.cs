using System.Data.Common;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Templates;
using Latchkey.Users.Administration;
using Latchkey.Users.Passkeys;

namespace Latchkey.Accounts;

/// <summary>The passkeys that a portal account has.</summary>
public sealed class PortalPasskeys(
    Database database,
    DeveloperStore developers,
    DeveloperPasskeyStore store,
    SecondFactorStore factors,
    SecondFactorRequirement requirement,
    PortalMailer mails,
    OwnAccountChanges changes
)
{
    /// <summary>The page where they are managed.</summary>
    public const string PagePath = "/portal/account/passkeys";

    public const int MaxNameLength = UserPasskeys.MaxNameLength;

    private static readonly Error NotFound = ErrorCodes.PasskeyNotFound with { Message = "This passkey was already removed." };

    /// <summary>602 for a name that is empty, too long or holds a link.</summary>
    public static readonly Error BadName = ErrorCodes.InvalidData with
    {
        Message = $"A name must have 1 to {MaxNameLength} characters on one line, without a link or an e-mail address.",
    };
    private static readonly Error IsRequired = ErrorCodes.InvalidData with
    {
        Message = "The operator requires a second factor of every account, and this is your last. Set up another one first.",
    };

    public Task<IReadOnlyList<Passkey>> List(Developer developer) => database.Read(db => store.List(db, developer.Id));

    /// <summary>Null when the account has no such passkey.</summary>
    public Task<Passkey?> Find(Developer developer, string id) => database.Read(db => store.Find(db, developer.Id, id));

    /// <summary>602 for a bad name, 718 when the account has no such passkey.</summary>
    public async Task<Result<Done>> Rename(Developer developer, string id, string raw, ClientAddress client)
    {
        if (ParseName(raw).Failed(out var name, out var refused))
        {
            return refused;
        }

        return await changes.Apply<Done>(
            "renamePasskey",
            "passkey renamed",
            developer,
            client,
            async db => await store.Rename(db, developer.Id, id, name) ? default(Done) : NotFound
        );
    }

    /// <summary>
    /// Removes a passkey and mails the developer. With the last second factor go the recovery codes; 602 when the operator requires one.
    /// 718 when the account has no such passkey.
    /// </summary>
    public async Task<Result<Done>> Remove(Developer developer, string id, ClientAddress client)
    {
        var isRequired = await requirement.IsOn();
        return await changes.Apply<Done>(
            "removePasskey",
            "passkey removed",
            developer,
            client,
            async db =>
            {
                if (await developers.FindForUpdate(db, developer.Id) is not { } row || !await store.Delete(db, row.Id, id))
                {
                    return NotFound;
                }

                var isLastFactor = row is { PasskeyCount: 1, HasAuthenticator: false };
                if (isLastFactor && isRequired)
                {
                    return IsRequired;
                }

                if (isLastFactor)
                {
                    await factors.RemoveCodes(db, row.Id);
                }

                await mails.Enqueue(db, row.Email, PortalMailKind.PasskeyRemoved, new PortalMailValues(client.Address));
                return default(Done);
            }
        );
    }

    /// <summary>What a developer calls a passkey; 602 if it is empty, too long or holds a link.</summary>
    public static Result<string> ParseName(string raw) => UserPasskeys.ParseName(raw) is { Error: null } parsed ? parsed : BadName;
}
