using System.Data.Common;
using System.Globalization;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Templates;

/// <summary>What the portal's own mails are about; the names of their texts.</summary>
public static class PortalMailKind
{
    public const string SignUp = "portalSignUp";
    public const string AccountExists = "portalAccountExists";
    public const string Invitation = "portalInvitation";
    public const string MemberInvitation = "portalMemberInvitation";
    public const string ResetPassword = "portalResetPassword";
    public const string PasswordChanged = "portalPasswordChanged";
    public const string ConfirmEmail = "portalConfirmEmail";
    public const string EmailChanged = "portalEmailChanged";
    public const string SecondFactorOn = "portalSecondFactorOn";
    public const string SecondFactorOff = "portalSecondFactorOff";
    public const string SecondFactorReset = "portalSecondFactorReset";
    public const string RecoveryCodesRenewed = "portalRecoveryCodesRenewed";
    public const string RecoveryCodeUsed = "portalRecoveryCodeUsed";
    public const string ApplicationSuspended = "portalApplicationShut";
    public const string ApplicationReinstated = "portalApplicationReinstated";
    public const string Petition = "portalPetition";
    public const string PetitionDeclined = "portalPetitionDeclined";
}

/// <summary>What the macros of a portal mail stand for.</summary>
/// <param name="Client">Where the request came from.</param>
/// <param name="Link">Path and query of a page of the portal.</param>
/// <param name="ActorName">Who invites.</param>
/// <param name="Application">The application that the mail is about.</param>
/// <param name="Role">A role in it.</param>
/// <param name="Number">A number that the mail names.</param>
/// <param name="Status">The application's status.</param>
/// <param name="Text">A reason or a petition, as somebody wrote it.</param>
public sealed record PortalMailValues(string Client = "", string? Link = null, string ActorName = "", string Application = "", string Role = "", int Number = 0, string Status = "", string Text = "");

/// <summary>The mails that the portal sends to developers. Their links are built from the configured public URL and nothing else.</summary>
public sealed class PortalMailer(MessageOutbox outbox, InstallationSettings installation, TimeProvider clock)
{
    public const string SenderName = "Latchkey";

    /// <summary>Part of the transaction of what it announces.</summary>
    public Task Enqueue(DbConnection db, string recipient, string kind, PortalMailValues values) =>
        outbox.EnqueuePortalMail(db, recipient, kind, Compose(recipient, kind, values));

    private MessageBody Compose(string recipient, string kind, PortalMailValues values)
    {
        var link = values.Link is null ? null : installation.PublicUrl + values.Link;
        return MessageComposer.Compose(MessageTemplates.PortalMail(kind), link, macro => macro switch
        {
            "APP_NAME" => SenderName,
            "SERVER" => new Uri(installation.PublicUrl).Authority,
            "HANDLE" => recipient,
            "CLIENT" => values.Client,
            "LINK" => link,
            "BY" => values.ActorName,
            "APPLICATION" => values.Application,
            "ROLE" => values.Role,
            "STATUS" => values.Status,
            "WORDS" => values.Text,
            "NUMBER" => values.Number.ToString(CultureInfo.InvariantCulture),
            "TIME" => clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            _ => null,
        });
    }
}
