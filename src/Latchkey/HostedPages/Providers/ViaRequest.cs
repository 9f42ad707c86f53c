using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.IdentityProviders.Flow;

namespace Latchkey.HostedPages.Providers;

/// <summary>A request of one of a provider's pages.</summary>
/// <param name="Page">The page.</param>
/// <param name="Provider">The application's, and it is on.</param>
public sealed record ViaRequest(PageRequest Page, IdentityProvider Provider)
{
    public string Alias => Provider.Alias;

    public HttpContext Http => Page.Http;

    public ProviderCaller Caller => Page.Caller;

    /// <summary>The path of one of the provider's pages.</summary>
    public string Path(string route) => ViaPaths.Of(route, Alias);

    /// <summary>The address of one of the provider's pages, with the authorization request.</summary>
    public string Address(string route, string query = "") => Page.Address(Path(route), query);

    /// <summary>The alias in the address.</summary>
    public static string AliasOf(HttpContext context) => context.GetRouteValue(ViaPaths.Provider) as string ?? "";

    /// <summary>851 when the application has no such provider, or it is off.</summary>
    public static Result<ViaRequest> Read(PageRequest page) =>
        ProviderSignIn.Find(page.Caller, AliasOf(page.Http)).Failed(out var found, out var off)
            ? off
            : new ViaRequest(page, found.Provider);
}
