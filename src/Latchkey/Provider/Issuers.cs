using Latchkey.Applications;
using Latchkey.Core.Configuration;

namespace Latchkey.Provider;

/// <summary>The issuers of applications: who they are to clients (OpenID Connect Core §1.2), and where their endpoints are.</summary>
public sealed class Issuers(InstallationSettings installation)
{
    /// <summary>Without a trailing slash.</summary>
    public string Of(Application application) =>
        application.Settings.IssuerDomain is { Length: > 0 } domain ? $"https://{domain}" : installation.IssuerOf(application.Id);
}
