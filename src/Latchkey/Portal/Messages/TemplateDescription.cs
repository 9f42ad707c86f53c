using Latchkey.Messages.Outbox;

namespace Latchkey.Portal.Messages;

/// <summary>A template's name in the portal, and when its message is sent.</summary>
public sealed record TemplateDescription(string Title, string SentWhen)
{
    public static TemplateDescription ForKind(string kind) =>
        kind switch
        {
            MessageKind.SignUp => new("Signup code", "Mailed at signup, if the signup flow is code."),
            MessageKind.SignUpLink => new("Signup link", "Mailed at signup, if the signup flow is link."),
            MessageKind.ClickThrough => new("Click-through page", "The page that people see after they complete a signup link."),
            MessageKind.SignUpSuccess => new("Welcome", "Mailed after a completed signup."),
            MessageKind.ResetPassword => new("Password reset", "Mailed when a user forgot the password."),
            MessageKind.Invite => new("Invitation", "Mailed to the invited person."),
            MessageKind.QrCode => new(
                "Authenticator key",
                "Mailed with the QR code when a user sets up an authenticator app. The image cid:qrcode in the HTML is the QR code."
            ),
            MessageKind.Sms => new("SMS", "Sent with the code for a second factor or to confirm a phone number."),
            MessageKind.LoginCode => new("Login code", "Mailed with the code and the link of a login without a password."),
            MessageKind.LoginCodeSms => new("Login code, SMS", "Sent with the code of a login without a password, to a verified number."),
            MessageKind.StepUpCode => new(
                "Confirmation code",
                "Mailed when a user who is signed in and has no second factor must prove again who they are."
            ),
            MessageKind.AddressCode => new(
                "New address",
                "Mailed to an address that a user wants to change to, with the code that proves it."
            ),
            MessageKind.AccountExists => new(
                "Account exists",
                "Mailed when somebody signs up with an address that has an account, if the application hides whether an address "
                    + "has an account."
            ),
            MessageKind.SocialAccount => new(
                "No password here",
                "Mailed when somebody requests a new password for an Apple or Google account, if the application hides whether "
                    + "an address has an account."
            ),
            MessageKind.PasswordChanged => new("Password changed", "Mailed after a user's password was changed."),
            MessageKind.AddressChanged => new("Address changed", "Mailed to the old address after a user's address was changed."),
            MessageKind.PhoneChanged => new("Phone number changed", "Mailed after a user's phone number was changed."),
            MessageKind.SecondFactorOn => new("Second factor on", "Mailed after a second factor was switched on."),
            MessageKind.SecondFactorOff => new("Second factor off", "Mailed after a second factor was switched off."),
            MessageKind.IdentityLinked => new("Account linked", "Mailed after a user linked an Apple or Google account."),
            MessageKind.IdentityUnlinked => new("Account unlinked", "Mailed after an Apple or Google account of a user was unlinked."),
            MessageKind.UserLocked => new("Account locked", "Mailed after too many wrong passwords or codes have locked a user."),
            MessageKind.PasswordGuessing => new(
                "Password guessing",
                "Mailed once a day while many networks try wrong passwords for a user."
            ),
            MessageKind.CodeGuessing => new(
                "Wrong codes",
                "Mailed after five wrong codes of a second factor, entered after the right password."
            ),
            MessageKind.SessionStolen => new(
                "Session ended for protection",
                "Mailed after a session ended because a refresh token came back that had been replaced."
            ),
            MessageKind.RecoveryCodeUsed => new(
                "Recovery code used",
                "Mailed after somebody used a recovery code, at a login or to confirm a change."
            ),
            MessageKind.RecoveryCodesLow => new("Two recovery codes left", "Mailed when a user has two recovery codes left."),
            MessageKind.PasskeyAdded => new("Passkey added", "Mailed after a user added a passkey."),
            MessageKind.PasskeyRemoved => new("Passkey removed", "Mailed after a user's passkey was removed."),
            _ => new(kind, ""),
        };

    /// <summary>The kind's heading in the list.</summary>
    public static string GroupOf(string kind) =>
        kind
            is MessageKind.SignUp
                or MessageKind.SignUpLink
                or MessageKind.ClickThrough
                or MessageKind.SignUpSuccess
                or MessageKind.ResetPassword
                or MessageKind.Invite
                or MessageKind.QrCode
                or MessageKind.Sms
                or MessageKind.LoginCode
                or MessageKind.LoginCodeSms
                or MessageKind.StepUpCode
                or MessageKind.AddressCode
            ? "Messages"
            : "Notices";
}
