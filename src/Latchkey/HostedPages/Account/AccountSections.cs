using Latchkey.Api.TwoFactor;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>The sections of the account pages that the application offers this user.</summary>
public static class AccountSections
{
    /// <summary>All but the overview, in their order.</summary>
    public static IEnumerable<AccountSection> Of(AccountRequest request)
    {
        var (text, user, settings) = (request.Text, request.User, request.Settings);
        yield return new(AccountPaths.Profile, text.ProfileHeading);
        if (PasswordPages.IsOffered(request))
        {
            yield return new(AccountPaths.Password, text.PasswordHeading, user.PasswordHash is null ? text.NotSet : "");
        }

        if (FactorListPages.AreOffered(settings))
        {
            yield return new(AccountPaths.Factors, text.FactorsHeading, FactorMethods.Of(settings, user).Count > 0 ? text.On : text.Off);
        }

        if (settings.PasskeysEnabled)
        {
            yield return new(AccountPaths.Passkeys, text.PasskeysHeading, $"{user.PasskeyCount}");
        }

        yield return new(AccountPaths.Sessions, text.SessionsHeading);
        yield return new(AccountPaths.Links, text.LinksHeading);
        yield return new(AccountPaths.Apps, text.AppsHeading);
        yield return new(AccountPaths.Data, text.DataHeading);
        yield return new(AccountPaths.Delete, text.DeleteHeading);
    }

    /// <summary>The ways to all sections, on every page.</summary>
    public static string Nav(AccountRequest request) =>
        $"""
            <nav class="side" aria-label="{E(request.Text.AccountHeading)}">
            {string.Concat(All(request).Select(one => Entry(request, one)))}
            </nav>
            """;

    private static IEnumerable<AccountSection> All(AccountRequest request) =>
        Of(request).Prepend(new AccountSection(AccountPaths.Overview, request.Text.Overview));

    private static string Entry(AccountRequest request, AccountSection section)
    {
        var mark = IsCurrent(request, section) ? " aria-current=\"page\"" : "";
        return $"<a href=\"{E(request.Address(section.Path))}\"{mark}>{E(section.Label)}</a>\n";
    }

    private static bool IsCurrent(AccountRequest request, AccountSection section) =>
        request.Path == section.Path
        || (section.Path != AccountPaths.Overview && request.Path.StartsWith($"{section.Path}/", StringComparison.Ordinal));
}
