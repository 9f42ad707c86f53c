using System.Text.Json.Serialization;

namespace Latchkey.Messages.Outbox;

/// <summary>What a message is about; the names of the portal's templates.</summary>
public static class MessageKind
{
    public const string SignUp = "signUp";
    public const string SignUpLink = "signUpLink";
    public const string SignUpSuccess = "signUpSuccess";
    public const string ResetPassword = "resetPassword";
    public const string Invite = "invite";
    public const string QrCode = "qrCode";
    public const string Sms = "sms";
    public const string AccountExists = "accountExists";
    public const string SocialAccount = "socialAccount";
    public const string PhoneChanged = "phoneChanged";
    public const string SecondFactorOn = "secondFactorOn";
    public const string SecondFactorOff = "secondFactorOff";
    public const string PasswordChanged = "passwordChanged";
    public const string UserLocked = "userLocked";
    public const string ClickThrough = "clickThrough";

    /// <summary>A developer tries a provider out.</summary>
    public const string Test = "test";

    /// <summary>The templates that a developer may replace, in the order of the portal: the documented ones, then the notices.</summary>
    public static IReadOnlyList<string> Editable { get; } =
    [
        SignUp, SignUpLink, ClickThrough, SignUpSuccess, ResetPassword, Invite, QrCode, Sms,
        AccountExists, SocialAccount, PasswordChanged, PhoneChanged, SecondFactorOn, SecondFactorOff, UserLocked,
    ];

    /// <summary>What is sent.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Editable.Where(kind => kind != ClickThrough), Test];
}

/// <summary>A mail or SMS as it goes out; sealed in the database until a provider has taken it.</summary>
/// <param name="Subject">Plain text; empty for SMS.</param>
/// <param name="Text">The plain-text part, or the SMS.</param>
/// <param name="Html">The HTML part; empty for SMS.</param>
/// <param name="Code">The six digits it carries, if any.</param>
/// <param name="Link">The link it carries, if any.</param>
/// <param name="ReplyTo">Where answers go, if not to the sender.</param>
/// <param name="QrCode">A PNG in base64, shown where the HTML says <c>cid:qrcode</c>.</param>
public sealed record MessageBody(string Subject, string Text, string Html, string? Code, string? Link, string? ReplyTo = null, string? QrCode = null)
{
    public const string QrCodeId = "qrcode";
}

/// <summary>A message as stored.</summary>
public sealed record MessageRow
{
    public string Id { get; init; } = "";

    /// <summary>The application it speaks for; null for the portal's own mails.</summary>
    public string? AppId { get; init; }

    /// <summary>email or sms.</summary>
    public string Channel { get; init; } = MessageChannel.Email;

    public string Recipient { get; init; } = "";

    /// <summary>A <see cref="MessageKind"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>pending, sent, failed, or mailbox: kept here because no provider is set.</summary>
    public string Status { get; init; } = MessageStatus.Pending;

    public string? BodySealed { get; init; }

    public int Attempts { get; init; }

    public long NextAttemptAt { get; init; }

    /// <summary>What the provider said last.</summary>
    public string? Answer { get; init; }

    public long CreatedAt { get; init; }

    public long? SentAt { get; init; }
}

public static class MessageChannel
{
    public const string Email = "email";
    public const string Sms = "sms";
}

public static class MessageStatus
{
    public const string Pending = "pending";
    public const string Sent = "sent";
    public const string Failed = "failed";
    public const string Mailbox = "mailbox";
}

[JsonSerializable(typeof(MessageBody))]
public sealed partial class MessagesJson : JsonSerializerContext;
