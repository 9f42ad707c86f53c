using Latchkey.Core;

namespace Latchkey.Portal;

/// <summary>The page at the server's root address.</summary>
public static class LandingPage
{
    public static IResult Show() =>
        PlainPage.Create(
            "Latchkey",
            $"""
            <p class="mark" aria-hidden="true"></p>
            <h1>Latchkey is running</h1>
            <p>This server handles sign-up and login for apps. It stores accounts, mails codes, and issues tokens for any backend.</p>
            <p class="links"><a class="button" href="{PortalServices.Path}">Open the portal</a> <a href="/docs">API documentation</a></p>
            """
        );
}
