using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Profile;

/// <summary>
/// A user who has proved who they are asks for another address: a code is mailed there, and <see cref="AddressChange"/> takes it. What is
/// answered does not tell whether the address has an account; its owner is told by mail then.
/// </summary>
public sealed class AddressChangeRequest(
    Database database,
    UserStore users,
    UserCodes codes,
    CodeAttempts attempts,
    RateLimits limits,
    MessageLimits messages,
    UserMessenger messenger,
    StepUp stepUp,
    AuditStore audit
)
{
    public const string Action = "setHandle";

    /// <summary>
    /// 710 without a proof in the last 15 minutes; 602 for no address, the user's own, an anonymous user, and where the application does
    /// not offer it; 700 asked too often.
    /// </summary>
    public async Task<Result<Done>> Request(UserCaller caller, string raw)
    {
        var (application, user) = (caller.Application, caller.User);
        if (!application.Settings.AddressChangeEnabled || user.Anonymous)
        {
            return ErrorCodes.InvalidData.WithCause("the address cannot be changed");
        }

        if (stepUp.FindMissingProof(caller) is { } missing)
        {
            return missing;
        }

        if (Handle.ParseEmail(raw).Failed(out var address, out var notAnAddress))
        {
            return notAnAddress;
        }

        if (address.Key == user.HandleKey)
        {
            return ErrorCodes.InvalidData.WithCause("the user's own address");
        }

        var purpose = MessagePurpose.ForStranger(caller.Client.Network);
        if (
            (
                await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.AddressChanges, user.Id))
                ?? await messages.TryAcquire(application, address.Text, purpose)
            ) is
            { } tooMany
        )
        {
            return tooMany;
        }

        var sent = await database.Write(db => Send(db, caller, address, purpose));
        messenger.Wake();
        return sent;
    }

    private async Task<Result<Done>> Send(DbConnection db, UserCaller caller, Handle address, MessagePurpose purpose)
    {
        var (application, client) = (caller.Application, caller.Client);
        if (await users.FindForUpdate(db, database.Dialect, application.Id, caller.User.Id) is not { IsSuspended: false } user)
        {
            return ErrorCodes.UserSuspended;
        }

        if (await messages.Charge(db, application, purpose, address.Text) is { } full)
        {
            return full;
        }

        await codes.EndAll(db, user, CodePurpose.AddressChange);
        var (row, code) = await codes.Create(db, user, CodePurpose.AddressChange, client.Network, address.Text);
        await attempts.BeginNewCode(db, application.Id, CodePurpose.AddressChange, user.Id, client.Network);
        var isTaken = await users.FindByHandle(db, application.Id, address.Text) is not null;
        var values = new MacroValues(address.Text, client.Address, isTaken ? null : code, ExpiresAt: row.ExpiresAt);
        var kind = isTaken ? MessageKind.AccountExists : MessageKind.AddressCode;
        await messenger.Enqueue(db, application, address.Text, kind, user.Locale, values);
        await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, client.Address));
        return default(Done);
    }
}
