using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core.Configuration;

namespace Latchkey.Users.Passkeys;

/// <summary>Who asks for passkeys (WebAuthn §4, relying party): an application, or the portal.</summary>
/// <param name="Scope">The App Id; <c>portal</c> for portal accounts.</param>
/// <param name="Id">The domain for which passkeys are made.</param>
/// <param name="Name">What authenticators show.</param>
/// <param name="Origins">The exact origins of pages and apps that may use them.</param>
public sealed record RelyingParty(string Scope, string Id, string Name, IReadOnlyList<string> Origins)
{
    private const string PortalScope = "portal";
    private const string PortalName = "Latchkey";
    private const string Localhost = "localhost";

    /// <summary>The only allowed models, as AAGUIDs; null for all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>The certificates (DER in base64) that the models' certificates must lead to.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    public static RelyingParty Of(Application application, InstallationSettings installation)
    {
        var settings = application.Settings;
        return new(
            application.Id,
            settings.PasskeyRpId,
            application.Name,
            [.. OriginsOf(settings, new Uri(installation.PublicUrl)), .. settings.AndroidApps.Select(MobileApps.OriginOf)]
        )
        {
            Models = settings.PasskeyAttestation == PasskeyAttestation.Direct ? settings.PasskeyModels : null,
            Roots = settings.PasskeyRoots,
        };
    }

    /// <summary>
    /// The portal; null where browsers have no passkeys for it: at an IP address, and without https. A server on loopback has them at
    /// localhost.
    /// </summary>
    public static RelyingParty? OfPortal(Uri publicUrl) =>
        publicUrl.IsLoopback ? new(PortalScope, Localhost, PortalName, [OriginAtLocalhost(publicUrl)])
        : publicUrl.HostNameType == UriHostNameType.Dns && publicUrl.Scheme == Uri.UriSchemeHttps
            ? new(PortalScope, publicUrl.IdnHost, PortalName, [publicUrl.GetLeftPart(UriPartial.Authority)])
        : null;

    private static string OriginAtLocalhost(Uri publicUrl) =>
        new UriBuilder(publicUrl) { Host = Localhost }.Uri.GetLeftPart(UriPartial.Authority);

    private static IReadOnlyList<string> OriginsOf(ApplicationSettings settings, Uri publicUrl) =>
        settings.PasskeyOrigins.Count > 0 ? settings.PasskeyOrigins
        : settings.PasskeyRpId == Localhost && publicUrl.IsLoopback ? [OriginAtLocalhost(publicUrl)]
        : settings.PasskeyRpId == publicUrl.IdnHost ? [publicUrl.GetLeftPart(UriPartial.Authority)]
        : [$"https://{settings.PasskeyRpId}"];
}
