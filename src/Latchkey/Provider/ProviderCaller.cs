using Latchkey.Applications;
using Latchkey.Core;

namespace Latchkey.Provider;

/// <summary>A request to an application's provider: whoever sends it, the application is known by the address.</summary>
/// <param name="Application">It is in use: neither suspended nor switched off.</param>
/// <param name="Client">The address that the request comes from.</param>
/// <param name="Issuer">The application's issuer, without a trailing slash.</param>
public sealed record ProviderCaller(Application Application, ClientAddress Client, string Issuer)
{
    public static ValueTask<ProviderCaller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<ProviderCaller>());
}
