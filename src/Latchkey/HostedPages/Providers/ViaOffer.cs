using Latchkey.Applications;
using Latchkey.Provider.IdentityProviders.Flow;

namespace Latchkey.HostedPages.Providers;

/// <summary>The account that waits in a browser to be linked to the user who has its address.</summary>
public sealed class ViaOffer(PendingSignIns pending)
{
    /// <summary>The account, for this user only and where the application links; null for none.</summary>
    public async Task<PendingIdentity?> Find(HttpContext context, Application application, string userId) =>
        application.Settings.LinkingEnabled
        && await pending.FindIdentity(context, application) is { } identity
        && IsFor(identity, userId)
        && application.IdentityProviders.Any(one => one.Enabled && one.IdentityScope == identity.IdentityScope)
            ? identity
            : null;

    /// <summary>As <see cref="Find"/>, and it waits no longer.</summary>
    public async Task<PendingIdentity?> Take(HttpContext context, Application application, string userId) =>
        await Find(context, application, userId) is not null
        && await pending.TakeIdentity(context, application) is { } identity
        && IsFor(identity, userId)
            ? identity
            : null;

    private static bool IsFor(PendingIdentity identity, string userId) =>
        identity is { Purpose: SignInPurpose.Login, OwnerId: { } owner } && owner == userId;
}
