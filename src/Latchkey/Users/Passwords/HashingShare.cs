using Latchkey.Applications;
using Latchkey.Core;

namespace Latchkey.Users.Passwords;

/// <summary>Who a password is hashed for, for <see cref="HashingQueue"/>.</summary>
/// <param name="Developer">The owner of the application, or the App Id if it has none.</param>
/// <param name="AppId">The application, or "portal".</param>
/// <param name="Site">The client's <see cref="ClientAddress.Site"/>; empty for none.</param>
public sealed record HashingShare(string Developer, string AppId, string Site)
{
    public static HashingShare Of(Application application, ClientAddress client) => Of(application, client.Network);

    /// <param name="network">Empty for the command line.</param>
    public static HashingShare Of(Application application, string network) =>
        new(application.OwnerId ?? application.Id, application.Id, ClientAddress.SiteOf(network));

    /// <summary>For accounts outside applications.</summary>
    public static HashingShare ForScope(string scope, string network) => new(scope, scope, ClientAddress.SiteOf(network));
}
