using Latchkey.Portal;

namespace Latchkey.ApplicationPages;

/// <summary>A group of settings that are saved together. Adding a setting to the portal is adding its line here.</summary>
/// <param name="Key">Its anchor.</param>
/// <param name="Lines">The settings, by their names in <see cref="Applications.SettingTable"/>.</param>
public sealed record SettingsSection(string Key, string Title, string Intro, IReadOnlyList<SettingLine> Lines);

/// <summary>How the portal words a setting.</summary>
/// <param name="Choices">The wording of each value, for a setting that is one of a few.</param>
/// <param name="Warning">Shown beside the setting, always.</param>
public sealed record SettingLine(string Name, string Label, string Meaning, IReadOnlyList<Choice>? Choices = null, string? Warning = null);

public static class SettingsSections
{
    public static IReadOnlyList<SettingsSection> Jwt { get; } =
    [
        new("permissions", "Permissions", "What people may do in your app without you.",
        [
            new("signupEnabled", "Allow app signup", "People may sign up by themselves. Off: only you add users."),
            new("signupFlow", "Signup flow", "How an address is checked before it becomes a user.",
            [
                new("code", "Code", "Six digits are mailed; the app asks for them."),
                new("link", "Link", "A link is mailed; it opens a page of this server."),
                new("none", "None", "The address is believed at once.", "anyone can sign up with an address that is not theirs, and its owner then cannot."),
            ]),
            new("linkCompletes", "Signup link", "What a mailed link does when it is opened.",
            [
                new("post", "Shows a button", "The person presses it to finish. Mail scanners that open every link use nothing up."),
                new("get", "Finishes at once", "As older servers did.", "a mail scanner that opens the link finishes the signup in the person's place."),
            ]),
            new("userNamesEnabled", "Allow user name login", "Users may choose a user name and log in with it instead of their address."),
            new("anonymousLoginEnabled", "Allow anonymous login", "The app may log people in without an address; they can sign up later and keep what they have."),
        ]),
        new("password-filter", "Password filter", "What a new password must contain.",
        [
            new("passwordFilter", "Password filter", "On: new passwords must meet the numbers below. Off: 8 characters are enough. Passwords that everyone uses are refused either way."),
            new("passwordMinLength", "Length", "Characters at least."),
            new("passwordMinUpper", "Upper-case letters", "At least this many."),
            new("passwordMinLower", "Lower-case letters", "At least this many."),
            new("passwordMinDigit", "Digits", "At least this many."),
            new("passwordMinSpecial", "Special characters", "At least this many that are neither letter, digit nor space."),
        ]),
        new("metadata", "User metadata", "What you want to know about a user beyond the address. The values stand in the user's token.",
        [
            new("metaData", "User metadata fields", "Asked for at signup."),
            new("metaDataEmail", "Automatically add e-mail", "The user's token carries the address in its claim email."),
        ]),
        new("tokens", "Tokens", "How long a token is good for, and whom it is made out to.",
        [
            new("userJWTExpiration", "User JWT, hours", "The token that your backend checks. When it ends, the app asks for another with its access token."),
            new("accessTokenExpiration", "Access token, hours", "The token that the app keeps for this server. When it ends, the user logs in again."),
            new("realmAppId", "Audience", "The claim aud of user JWTs, such as a MongoDB Realm App Id. Empty: none."),
        ]),
        new("limits", "Limits", "How much is too much.",
        [
            new("maxLoginAttempts", "Maximum login attempts", "Wrong passwords in a row that lock a user until you unlock it or the password is reset. 0: never; guessing is slowed down in any case.", Warning: "with a number above 0, strangers can lock your users out by guessing wrongly."),
            new("maxUsers", "Maximum users", "Signing up is refused beyond it. 0: no limit."),
        ]),
        new("privacy", "Privacy", "What strangers can find out.",
        [
            new("hideAccountExistence", "Hide whether an address has an account", "Off, as the documented contract has it: signup answers that an address is taken, login and password reset that it is unknown, so anyone can test who uses your app. On: all of them answer alike, and the owner of the address is told by mail. Needs signup flow code or link."),
        ]),
        new("formats", "Formats", "For clients that are in the stores already.",
        [
            new("passwordFormat", "Passwords from clients", "What the app sends as a password.",
            [
                new("both", "Either", "Plain passwords and their MD5 hex; users can log in from both kinds of client."),
                new("md5", "MD5 hex", "As the CosyncJWT SDKs send it. The server cannot see how strong a password is."),
                new("plain", "Plain", "The password itself, over https. Best for new apps."),
            ]),
            new("booleanFormat", "Flags in getApplication", "How switches are written.",
            [
                new("number", "0 and 1", "As the documented contract has it."),
                new("boolean", "false and true", "As most languages have it."),
            ]),
        ]),
    ];
}
