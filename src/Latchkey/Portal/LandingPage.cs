using Latchkey.Accounts;
using Latchkey.Core;

namespace Latchkey.Portal;

/// <summary>The page at the server's root address.</summary>
public static class LandingPage
{
    private const string NotSetUp =
        "<p>It is not set up yet. Open the set-up link that the server printed when it started, in the terminal or in the log.</p>";

    public static async Task<IResult> Show(DeveloperAccounts accounts) =>
        PlainPage.Create(
            "Latchkey",
            $"""
            <p class="mark" aria-hidden="true"></p>
            <h1>Latchkey is running</h1>
            <p>This server handles sign-up and login for apps. It stores accounts, mails codes, and issues tokens for any backend.</p>
            {(await accounts.Any() ? "" : NotSetUp)}
            <p class="links"><a class="button" href="~{PortalServices.Path}">Open the portal</a> <a href="~/docs">API documentation</a></p>
            """
        );
}
