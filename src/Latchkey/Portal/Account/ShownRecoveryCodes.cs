using Latchkey.Accounts;

namespace Latchkey.Portal.Account;

/// <summary>New recovery codes on their way to the page that shows them once.</summary>
public static class ShownRecoveryCodes
{
    /// <summary>They replace others, and nothing else changed.</summary>
    public const string Renewed = "renewed";

    public const string ForPasskey = "passkey";
    public const string ForAuthenticator = "authenticator";

    /// <summary>Path and query of the page that shows them, without the path base.</summary>
    /// <param name="reason">Why there are new ones.</param>
    /// <param name="returnUrl">Where the visitor was going; empty for nowhere.</param>
    public static string Address(string reason, string returnUrl) =>
        $"{PortalAuthenticator.RecoveryCodesPath}?made={reason}"
        + (returnUrl.Length > 0 ? $"&returnUrl={Uri.EscapeDataString(ReturnUrl.Sanitize(returnUrl))}" : "");

    /// <summary>What they are and whose, for <see cref="FlashCookie"/>.</summary>
    public static string Secret(Developer developer) => $"recoveryCodes/{developer.Id}";

    /// <summary>One on each line.</summary>
    public static string Text(RecoveryCodes codes) => string.Join('\n', codes.Grouped);
}
