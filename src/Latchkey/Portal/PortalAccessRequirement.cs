using Microsoft.AspNetCore.Authorization;

namespace Latchkey.Portal;

/// <summary>What every page and form of the portal asks before it runs.</summary>
public sealed class PortalAccessRequirement : IAuthorizationRequirement
{
    public const string Policy = "Portal";
}
