using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Locales;

namespace Latchkey.Api.Invitations;

/// <summary>Inviting people. <see cref="InvitationMailer"/> stores and mails the invitation.</summary>
public sealed class InviteRules(Database database, UserStore users, MessageLimits messages, InvitationMailer mailer)
{
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

        return await mailer.Mail(application, inviter, new InvitationDraft(handle.Text, sender ?? "", Metadata.Write(values), chosen));
    }
}
