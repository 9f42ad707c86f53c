using System.Security.Claims;
using System.Text.Encodings.Web;
using Latchkey.Accounts;
using Latchkey.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Latchkey.Portal;

/// <summary>
/// Authenticates a browser's session cookie. The session is read for every request, so that its end takes effect immediately.
/// </summary>
public sealed class PortalAuthentication(
    IOptionsMonitor<PortalAuthenticationOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    PortalCookie cookie,
    PortalSessions sessions,
    RejectedFormLog refusals
) : AuthenticationHandler<PortalAuthenticationOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Portal";

    public const string SignInPath = $"{PortalServices.Path}/sign-in";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (cookie.Read(Request, PortalCookie.Session) is not { } token || await sessions.Find(token) is not { } found)
        {
            return AuthenticateResult.NoResult();
        }

        var developer = found.Developer;
        Context.Features.Set(developer);
        Context.Features.Set(found.Session);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, developer.Id), new Claim(ClaimTypes.Role, developer.Role.ToName())],
            SchemeName
        );
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var next = Uri.EscapeDataString(ReturnUrl.Sanitize(Request.Path + Request.QueryString));
        Response.Redirect($"{Request.PathBase}{SignInPath}?returnUrl={next}");
        return Task.CompletedTask;
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (!HttpMethods.IsGet(Request.Method))
        {
            await refusals.LogForbidden(Context);
        }

        if (Context.Features.Get<PageAccess>() is { CanView: true })
        {
            await RejectedFormPages.InsufficientRole().ExecuteAsync(Context);
            return;
        }

        Response.StatusCode = StatusCodes.Status404NotFound; // pages without access look like missing pages
    }
}
