using Latchkey.Applications.Credentials;
using Latchkey.Core.Configuration;

namespace Latchkey.Users;

/// <summary>The links in mails to users: they open a page of a function of the app-user API.</summary>
public sealed class MailedLink(AppTokenRules appTokens, InstallationSettings installation)
{
    /// <summary>The App Token in the link. Read it before the transaction.</summary>
    /// <exception cref="InvalidOperationException">The application was deleted.</exception>
    public async Task<string> AppToken(string appId) =>
        await appTokens.Current(appId) ?? throw new InvalidOperationException("the application has no App Token");

    /// <summary>The link as an absolute URL.</summary>
    /// <param name="function">The function: completeSignup, resetPassword or register.</param>
    /// <param name="appToken">From <see cref="AppToken"/>.</param>
    /// <param name="handle">The recipient.</param>
    /// <param name="token">256 random bits, in place of a code.</param>
    /// <param name="locale">The language of the page.</param>
    public string Create(string function, string appToken, string handle, string token, string locale) =>
        $"{installation.PublicUrl}/api/appuser/{function}?appToken={Uri.EscapeDataString(appToken)}"
        + $"&handle={Uri.EscapeDataString(handle)}&code={token}&locale={locale}";

    /// <summary>The link to a hosted page, which needs no App Token: its address names the application.</summary>
    /// <param name="page">Absolute, and made of the installation's settings only.</param>
    /// <param name="handle">The recipient.</param>
    /// <param name="token">256 random bits, in place of a code.</param>
    /// <param name="locale">The language of the page.</param>
    public static string To(string page, string handle, string token, string locale) =>
        $"{page}?handle={Uri.EscapeDataString(handle)}&code={token}&locale={locale}";
}
