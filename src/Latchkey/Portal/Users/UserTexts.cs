using Latchkey.Api.Sessions;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Sessions;

namespace Latchkey.Portal.Users;

/// <summary>Texts for users' statuses, sources and sort orders.</summary>
public static class UserTexts
{
    public static IReadOnlyList<(string Value, string Text)> Sorts { get; } =
    [
        ($"-{UserList.ByCreated}", "newest first"),
        (UserList.ByCreated, "oldest first"),
        ($"-{UserList.ByLastLogin}", "latest login first"),
        (UserList.ByLastLogin, "oldest login first"),
        (UserList.ByHandle, "handle A–Z"),
        ($"-{UserList.ByHandle}", "handle Z–A"),
    ];

    /// <summary>Without sorting by handle, which would reveal the handles of anonymous users.</summary>
    public static IReadOnlyList<(string Value, string Text)> AnonymousSorts { get; } =
    [.. Sorts.Where(sort => !sort.Value.EndsWith(UserList.ByHandle, StringComparison.Ordinal))];

    public static string Status(User user, ApplicationSettings settings) => user.IsSuspended ? "suspended" : user.ShownStatus(settings);

    /// <summary>How a user came to be.</summary>
    public static string Origin(string origin) =>
        origin switch
        {
            UserOrigin.Server => "server API",
            UserOrigin.CommandLine => "command line",
            _ => origin,
        };

    public static string Provider(User user, IReadOnlyList<IdentityProvider> others) =>
        user.LoginProvider.Length > 0 ? SocialProvider.DisplayName(user.LoginProvider, others) : "–";

    /// <summary>The device of a session: what the app calls it, otherwise what its client claims to be.</summary>
    public static string Device(Session session) =>
        session.DeviceName.Length > 0 ? session.DeviceName
        : session.UserAgent.Length > 0 ? BrowserName.Parse(session.UserAgent)
        : "unknown device";

    /// <summary>How the user signed in, in words.</summary>
    public static string Methods(Session session) =>
        string.Join(
            " and ",
            AuthenticationMethods
                .Read(session.Methods)
                .Where(method => method != AuthenticationMethods.Multiple)
                .Select(method =>
                    method switch
                    {
                        AuthenticationMethods.Password => "password",
                        AuthenticationMethods.OneTimeCode => "authenticator app",
                        AuthenticationMethods.Sms => "SMS",
                        AuthenticationMethods.Mail => "mail",
                        AuthenticationMethods.Federated => "Apple or Google",
                        AuthenticationMethods.RecoveryCode => "recovery code",
                        AuthenticationMethods.HardwareKey or AuthenticationMethods.SoftwareKey => "passkey",
                        _ => method,
                    }
                )
        );

    /// <summary>The second factors that the user has.</summary>
    public static string SecondFactors(ApplicationSettings settings, User user)
    {
        string[] factors =
        [
            .. user.TwoFactorGoogle ? ["authenticator app"] : Array.Empty<string>(),
            .. user.TwoFactorPhone ? ["SMS"] : Array.Empty<string>(),
            .. settings.CountsPasskeysAsFactor && user.PasskeyCount > 0 ? ["passkey"] : Array.Empty<string>(),
        ];
        return factors.Length > 0 ? string.Join(", ", factors) : "off";
    }

    /// <summary>Why a session ended, and from where.</summary>
    public static string EndReason(SessionEnd end)
    {
        var reason = SessionEndTexts.Describe(end.Reason);
        return $"{char.ToUpperInvariant(reason[0])}{reason[1..]}{(end.Client.Length > 0 ? $" ({end.Client})" : "")}";
    }

    /// <summary>The purpose of a code.</summary>
    public static string Purpose(string purpose) =>
        purpose switch
        {
            CodePurpose.Reset => "A new password",
            CodePurpose.Phone => "A phone number",
            CodePurpose.Login => "The second step of a login",
            CodePurpose.Enrollment => "Setting up a second factor at a login",
            CodePurpose.StepUp => "A proof for a change",
            _ => purpose,
        };
}
