using Latchkey.Accounts;
using Latchkey.Portal.Account;
using Microsoft.AspNetCore.Components.Endpoints;

namespace Latchkey.Portal;

/// <summary>
/// Where the operator requires a second factor, an account without one can set it up and do nothing else, whatever page or form it asks
/// for and however old its session is.
/// </summary>
public sealed class RequiredFactorMiddleware(RequestDelegate next, SecondFactorRequirement requirement)
{
    /// <summary>What it takes to set up a factor, and what somebody can do who is not signed in.</summary>
    private static readonly HashSet<Type> Open =
    [
        typeof(AuthenticatorPage),
        typeof(PasskeysPage),
        typeof(StepUpPage),
        typeof(SignInPage),
        typeof(SecondFactorPage),
        typeof(ForgotPasswordPage),
        typeof(ResetPasswordPage),
    ];

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<Developer>() is not { HasSecondFactor: false } || IsOpen(context) || !await requirement.IsOn())
        {
            await next(context);
            return;
        }

        PortalRedirect.To(context, PortalAuthenticator.PagePath);
    }

    private static bool IsOpen(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page
            ? Open.Contains(page.Type)
            : context.Request.Path.Equals(SignOut.Path, StringComparison.OrdinalIgnoreCase);
}
