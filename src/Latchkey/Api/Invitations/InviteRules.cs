using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Locales;
using Latchkey.Users.Registration;

namespace Latchkey.Api.Invitations;

/// <summary>Inviting people: a code to the invited address, and nowhere else.</summary>
public sealed class InviteRules(
    Database database,
    InvitationStore invitations,
    UserStore users,
    UserMessenger messenger,
    MessageLimits messages,
    CodeAttempts attempts,
    MailedLink links,
    AuditStore audit,
    KeyRing ring,
    TimeProvider clock
)
{
    public const string CodePurpose = "invitation";

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private const int MaxSenderLength = 255;

    /// <summary>
    /// 602 not an address, an anonymous inviter, a long sender or an unknown locale; 604 invalid metadata; 601 already a user; 700 too many
    /// requests.
    /// </summary>
    public async Task<Result<Done>> Invite(
        Application application,
        Inviter inviter,
        string rawHandle,
        string? sender,
        string? metaData,
        string? locale
    )
    {
        var result = await TryInvite(application, inviter, rawHandle, sender, metaData, locale);
        messenger.Wake();
        return result;
    }

    /// <summary>The keyed hashes under which an invitation's code or link may be stored.</summary>
    public string[] CodeHashes(string appId, string handle, string code) =>
        ring.KeyedHashes(CodePurpose, $"{appId}|{Handle.KeyOf(handle)}|{code}");

    private async Task<Result<Done>> TryInvite(
        Application application,
        Inviter inviter,
        string rawHandle,
        string? sender,
        string? metaData,
        string? locale
    )
    {
        if (inviter.User is { Anonymous: true })
        {
            return ErrorCodes.InvalidData.WithCause("anonymous users cannot invite");
        }

        if (sender?.EnumerateRunes().Count() > MaxSenderLength)
        {
            return ErrorCodes.InvalidData.WithCause($"senderUserId is longer than {MaxSenderLength} characters");
        }

        if (Handle.ParseEmail(rawHandle).Failed(out var handle, out var notAnAddress))
        {
            return notAnAddress;
        }

        // The inviter's own locale may have been taken off the list since; only one that was asked for is refused.
        if (
            (
                LocaleCodes.Resolve(
                    application.Settings,
                    locale
                        ?? (
                            inviter.User is { } user && application.Settings.Locales.Contains(user.Locale, StringComparer.Ordinal)
                                ? user.Locale
                                : null
                        )
                )
            ).Failed(out var chosen, out var noLocale)
        )
        {
            return noLocale;
        }

        MetadataField[] fields = [.. application.Settings.MetaDataInvite.Where(field => inviter.User is null || !field.ServersOnly)];
        if (Metadata.Validate(fields, metaData).Failed(out var values, out var badMetadata))
        {
            return badMetadata;
        }

        // If the response may reveal it, check before anything is counted: no mail is sent, so the owner's limit is not used up.
        if (!application.Settings.HideAccountExistence && await database.Read(db => users.HandleExists(db, application.Id, handle.Text)))
        {
            return ErrorCodes.HandleRegistered;
        }

        if (await messages.TryAcquire(application, handle.Text, inviter.Purpose) is { } tooMany)
        {
            return tooMany;
        }

        var appToken = await links.AppToken(application.Id);
        return await database.Write(db =>
            Store(db, application, inviter, appToken, handle.Text, sender ?? "", Metadata.Write(values), chosen)
        );
    }

    private async Task<Result<Done>> Store(
        DbConnection db,
        Application application,
        Inviter inviter,
        string appToken,
        string handle,
        string sender,
        string metadata,
        string locale
    )
    {
        var entry = Entry(application, inviter, handle);
        await attempts.BeginNewCode(db, application.Id, CodePurpose, handle, inviter.Network);
        var now = clock.Now();
        var invitation = new Invitation
        {
            AppId = application.Id,
            Handle = handle,
            Sender = sender,
            InviterUserId = inviter.User?.Id,
            Network = inviter.Network,
            Metadata = metadata,
            Locale = locale,
            CreatedAt = now,
            ExpiresAt = now + (long)Lifetime.TotalMilliseconds,
        };
        var tooManyCodes = await invitations.MakeRoom(db, invitation, now);
        if (await users.HandleExists(db, application.Id, handle))
        {
            if (!application.Settings.HideAccountExistence)
            {
                return ErrorCodes.HandleRegistered;
            }

            await messages.Check(db, application, inviter.Purpose, handle); // the same work, to prevent user enumeration
            await audit.Add(db, entry.Refused(ErrorCodes.HandleRegistered));
            return default(Done);
        }

        if ((tooManyCodes ?? await messages.Charge(db, application, inviter.Purpose, handle)) is { } full)
        {
            if (!application.Settings.HideAccountExistence)
            {
                return full;
            }

            await audit.Add(db, entry.Refused(full)); // for an address with an account, no invitation is stored
            return default(Done);
        }

        var token = Secrets.Token();
        var code = await StoreWithNewCode(db, invitation with { LinkHash = CodeHashes(application.Id, handle, token)[0] });
        await messenger.Enqueue(
            db,
            application,
            handle,
            MessageKind.Invite,
            locale,
            new MacroValues(
                handle,
                inviter.User is null ? application.Name : inviter.Actor.Client,
                code,
                Link: links.Create("register", appToken, handle, token, locale),
                ExpiresAt: invitation.ExpiresAt
            )
        );
        await audit.Add(db, entry);
        return default(Done);
    }

    private async Task<string> StoreWithNewCode(DbConnection db, Invitation invitation)
    {
        while (true)
        {
            var code = Secrets.SixDigits();
            if (
                await invitations.Insert(
                    db,
                    invitation with
                    {
                        Id = Ids.New(clock),
                        CodeHash = CodeHashes(invitation.AppId, invitation.Handle, code)[0],
                    }
                )
            )
            {
                return code;
            }
        }
    }

    private static AuditEntry Entry(Application application, Inviter inviter, string handle) =>
        new(application.Id, "invite", handle, inviter.Actor);
}
