using Latchkey.Accounts;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Portal;

/// <summary>The page at the server's root address.</summary>
public static class LandingPage
{
    private const string Docs = """<a href="~/docs">API documentation</a>""";
    private const string NotSetUp =
        "<p>It is not set up yet. Open the set-up link that the server printed when it started, in the terminal or in the log.</p>";

    public static async Task<IResult> Show(HttpContext context, DeveloperAccounts accounts) =>
        PlainPage.Create(
            "Latchkey",
            $"""
            <p class="mark" aria-hidden="true"></p>
            <h1>Latchkey is running</h1>
            <p>This server handles sign-up and login for apps. It stores accounts, mails codes, and issues tokens for any backend.</p>
            {(await accounts.Any() ? "" : NotSetUp)}
            {Links(context)}
            """
        );

    /// <summary>To the portal, where it is at this host, and to the documentation of the API.</summary>
    public static string Links(HttpContext context) =>
        context.RequestServices.GetRequiredService<InstallationSettings>().HasPortalAt(context.Request.Host.Host)
            ? $"""<p class="links"><a class="button" href="~{PortalServices.Path}">Open the portal</a> {Docs}</p>"""
            : $"""<p class="links">{Docs}</p>""";
}
