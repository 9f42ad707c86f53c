using Latchkey.Core.Configuration;
using Latchkey.Users.Passkeys;

namespace Latchkey.Accounts;

/// <summary>The domain of portal accounts' passkeys: the portal's host.</summary>
public sealed class PortalRelyingParty(InstallationSettings installation)
{
    /// <summary>Null where browsers have no passkeys for the portal.</summary>
    public RelyingParty? Value { get; } = RelyingParty.OfPortal(new Uri(installation.PortalUrl));

    /// <summary>The only origin at which they work; null where they work nowhere.</summary>
    public string? Origin => Value?.Origins[0];
}
