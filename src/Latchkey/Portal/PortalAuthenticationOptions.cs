using Microsoft.AspNetCore.Authentication;

namespace Latchkey.Portal;

public sealed class PortalAuthenticationOptions : AuthenticationSchemeOptions;
