using Latchkey.Core;

namespace Latchkey.Provider.Devices;

/// <summary>The device authorization endpoint (RFC 8628 §3.1).</summary>
public static class DeviceApi
{
    /// <summary>Below <c>oauth2/</c>.</summary>
    public const string Path = "device_authorization";

    public static void MapDeviceAuthorization(this RouteGroupBuilder oauth) =>
        oauth.MapPost(Path, Start).WithSummary("Get a code for a device without a browser.");

    private static async Task<IResult> Start(HttpContext context, ProviderCaller caller, DeviceRules rules) =>
        (await rules.Start(context.Request, caller)).Failed(out var answer, out var refused)
            ? OAuthResults.From(refused)
            : OAuthResults.Json(answer.Write);
}
