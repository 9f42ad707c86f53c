using Latchkey.Applications;
using Latchkey.Core;

namespace Latchkey.Provider;

/// <summary>A request to an application's provider: whoever sends it, the application is known by the address.</summary>
/// <param name="Application">It is in use: neither suspended nor switched off.</param>
/// <param name="Client">The address that the request comes from.</param>
/// <param name="Issuer">The application's issuer, without a trailing slash.</param>
public sealed record ProviderCaller(Application Application, ClientAddress Client, string Issuer)
{
    /// <summary>Null when there is none; the filter of the group then answers.</summary>
    public static async ValueTask<ProviderCaller?> BindAsync(HttpContext context) =>
        await ProviderRoutes.FindCaller(context) is null ? context.Features.Get<ProviderCaller>() : null;
}
