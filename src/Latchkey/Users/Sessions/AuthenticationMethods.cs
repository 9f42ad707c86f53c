namespace Latchkey.Users.Sessions;

/// <summary>
/// How a user proved who they are: the values of the claim <c>amr</c>. Most are of RFC 8176; mail, fed and rcv are this server's
/// own. The table in docs/second-factors.md has all of them.
/// </summary>
public static class AuthenticationMethods
{
    public const string Password = "pwd";

    /// <summary>A code of an authenticator app.</summary>
    public const string OneTimeCode = "otp";

    /// <summary>A code sent to a phone number.</summary>
    public const string Sms = "sms";

    /// <summary>A code or link sent to the address.</summary>
    public const string Mail = "mail";

    /// <summary>An ID token of Apple or Google.</summary>
    public const string Federated = "fed";

    /// <summary>A passkey that cannot leave its device.</summary>
    public const string HardwareKey = "hwk";

    /// <summary>A passkey that its password manager copies to other devices.</summary>
    public const string SoftwareKey = "swk";

    /// <summary>A single-use recovery code.</summary>
    public const string RecoveryCode = "rcv";

    /// <summary>Two of the others, over different channels; or a passkey that verified its user.</summary>
    public const string Multiple = "mfa";

    private const char Separator = ' ';

    public static IReadOnlyList<string> Read(string methods) => methods.Split(Separator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// The methods of a sign-in in two steps. They are two factors only if their channels differ: password, mail and provider are one,
    /// because whoever reads the mail can reset the password. A passkey that verified its user is two by itself.
    /// </summary>
    public static string Combine(string first, string second)
    {
        var given = Read($"{first} {second}");
        string[] all = [.. given.Where(one => one != Multiple).Distinct(StringComparer.Ordinal)];
        var isMultiple =
            given.Contains(Multiple, StringComparer.Ordinal) || all.Select(ChannelOf).Distinct(StringComparer.Ordinal).Count() > 1;
        return string.Join(Separator, isMultiple ? [.. all, Multiple] : all);
    }

    /// <summary>Whether one of the methods is a second factor. A code by SMS alone is the first: a login without a password.</summary>
    public static bool IncludeSecondFactor(string methods) =>
        Read(methods) is var all
        && all.Any(one => one is OneTimeCode or RecoveryCode or HardwareKey or SoftwareKey || (one is Sms && all.Count > 1));

    public static bool IncludePasskey(string methods) => Read(methods).Any(one => one is HardwareKey or SoftwareKey);

    private static string ChannelOf(string method) =>
        method switch
        {
            Mail or Federated => Password,
            SoftwareKey => HardwareKey,
            _ => method,
        };

    /// <summary>The claim <c>acr</c>: 0 for none (anonymous users), 1 for one factor, 2 for two factors over different channels.</summary>
    public static string LevelOf(string methods) =>
        Read(methods) is not { Count: > 0 } all ? "0"
        : all.Contains(Multiple, StringComparer.Ordinal) ? "2"
        : "1";
}
