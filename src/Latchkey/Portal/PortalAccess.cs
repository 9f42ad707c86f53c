using Latchkey.Developers;
using Microsoft.AspNetCore.Authorization;

namespace Latchkey.Portal;

/// <summary>What every page and form of the portal asks before it runs.</summary>
public sealed class PortalAccess : IAuthorizationRequirement
{
    public const string Policy = "Portal";
}

/// <summary>
/// The one place that decides who may do what, by account, method and route (<c>appId</c> names the application): a form that is
/// posted to a URL is judged as the page at that URL is. Operators may do everything; other accounts do not exist yet.
/// </summary>
public sealed class PortalAccessHandler : AuthorizationHandler<PortalAccess>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PortalAccess requirement)
    {
        var http = context.Resource as HttpContext;
        if (http?.Features.Get<Developer>() is { IsOperator: true })
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
