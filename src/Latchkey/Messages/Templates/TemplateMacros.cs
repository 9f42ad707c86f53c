using System.Text.RegularExpressions;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Templates;

/// <summary>The macros available to each message kind.</summary>
public static partial class TemplateMacros
{
    public const string Code = "%CODE%";
    public const string Link = "%LINK%";

    private static readonly TemplateMacro AppName = new("%APP_NAME%", "the application's name");
    private static readonly TemplateMacro Handle = new("%HANDLE%", "the user's address");
    private static readonly TemplateMacro Digits = new(Code, "the six digits to enter in the app");
    private static readonly TemplateMacro Key = new(Code, "the key to type into the authenticator app");
    private static readonly TemplateMacro Button = new(Link, "the link: a button with the link text, or only the address inside a tag");
    private static readonly TemplateMacro Address = new(Link, "the link: its address, which is long");
    private static readonly TemplateMacro Provider = new("%PROVIDER%", "Apple or Google");
    private static readonly TemplateMacro Time = new("%TIME%", "the time, in UTC");
    private static readonly TemplateMacro Client = new("%CLIENT%", "the network address of the request");

    public static IReadOnlyList<TemplateMacro> ForKind(string kind) =>
        kind switch
        {
            MessageKind.SignUp or MessageKind.Sms or MessageKind.StepUpCode or MessageKind.AddressCode =>
            [
                AppName,
                Handle,
                Digits,
                Time,
                Client,
            ],
            MessageKind.LoginCodeSms => [AppName, Handle, Digits, Address, Time, Client],
            MessageKind.ResetPassword or MessageKind.Invite or MessageKind.LoginCode => [AppName, Handle, Digits, Button, Time, Client],
            MessageKind.QrCode => [AppName, Handle, Key, Time, Client],
            MessageKind.SignUpLink => [AppName, Handle, Button, Time, Client],
            MessageKind.ClickThrough => [AppName, Handle, Time],
            MessageKind.SocialAccount or MessageKind.IdentityLinked or MessageKind.IdentityUnlinked =>
            [
                AppName,
                Handle,
                Provider,
                Time,
                Client,
            ],
            _ => [AppName, Handle, Time, Client],
        };

    /// <summary>Whether a message of this kind names Apple or Google.</summary>
    public static bool HasProvider(string kind) => ForKind(kind).Contains(Provider);

    /// <summary>Whether a message of this kind has a link.</summary>
    public static bool HasLink(string kind) => ForKind(kind).Any(macro => macro.Name == Link);

    /// <summary>The macro that a template of this kind must contain; null when none.</summary>
    public static string? RequiredBy(string kind) =>
        kind switch
        {
            MessageKind.SignUpLink => Link,
            MessageKind.SignUp
            or MessageKind.ResetPassword
            or MessageKind.Invite
            or MessageKind.QrCode
            or MessageKind.Sms
            or MessageKind.LoginCode
            or MessageKind.LoginCodeSms
            or MessageKind.StepUpCode
            or MessageKind.AddressCode => Code,
            _ => null,
        };

    /// <summary>Macros in the text that this kind does not fill, each with a sentence. They are sent unchanged.</summary>
    public static IReadOnlyList<string> FindUnknown(string kind, string text)
    {
        var filled = ForKind(kind).Select(macro => macro.Name).ToList();
        return
        [
            .. Lookalike()
                .Matches(text)
                .Select(match => match.Value)
                .Where(name => !filled.Contains(name, StringComparer.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .Take(5)
                .Select(name => Hint(name, filled)),
        ];
    }

    private static string Hint(string name, IReadOnlyList<string> filled) =>
        filled.FirstOrDefault(known => Normalise(known) == Normalise(name)) is { } meant
            ? $"{name} is not a macro and is sent as text. Do you mean {meant}?"
            : $"{name} is not a macro of this message and is sent as text.";

    private static string Normalise(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    [GeneratedRegex("%[A-Za-z][A-Za-z_-]{2,30}%", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Lookalike();
}
