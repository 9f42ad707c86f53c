using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Applications.Domains;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Api.Discovery;

/// <summary>
/// The files by which a domain says which sites and apps may use its passkeys, from the settings of the application that the operator gave
/// the domain to. Anywhere else they do not exist.
/// </summary>
public static class DomainFilesApi
{
    private const string CacheControl = "public, max-age=300";

    public static void MapDomainFiles(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/.well-known").ExcludeFromDescription();
        files.MapGet("webauthn", RelatedOrigins); // WebAuthn §5.11
        files.MapGet("apple-app-site-association", AppleApps);
        files.MapGet("assetlinks.json", AndroidApps);
    }

    private static Task<IResult> RelatedOrigins(HttpContext context, ApplicationDomains domains, ApplicationCache applications) =>
        Answer(
            context,
            domains,
            applications,
            (json, settings) =>
            {
                json.WriteStartObject();
                json.WriteStartArray("origins");
                foreach (var origin in settings.PasskeyOrigins.Where(IsSite))
                {
                    json.WriteStringValue(origin);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }
        );

    private static Task<IResult> AppleApps(HttpContext context, ApplicationDomains domains, ApplicationCache applications) =>
        Answer(
            context,
            domains,
            applications,
            (json, settings) =>
            {
                json.WriteStartObject();
                json.WriteStartObject("webcredentials");
                json.WriteStartArray("apps");
                foreach (var app in settings.AppleApps)
                {
                    json.WriteStringValue(app);
                }

                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndObject();
            }
        );

    private static Task<IResult> AndroidApps(HttpContext context, ApplicationDomains domains, ApplicationCache applications) =>
        Answer(
            context,
            domains,
            applications,
            (json, settings) =>
            {
                json.WriteStartArray();
                foreach (var (package, fingerprint) in settings.AndroidApps.Select(MobileApps.Split))
                {
                    json.WriteStartObject();
                    json.WriteStartArray("relation");
                    json.WriteStringValue("delegate_permission/common.get_login_creds");
                    json.WriteEndArray();
                    json.WriteStartObject("target");
                    json.WriteString("namespace", "android_app");
                    json.WriteString("package_name", package);
                    json.WriteStartArray("sha256_cert_fingerprints");
                    json.WriteStringValue(fingerprint);
                    json.WriteEndArray();
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }
        );

    private static async Task<IResult> Answer(
        HttpContext context,
        ApplicationDomains domains,
        ApplicationCache applications,
        Action<Utf8JsonWriter, ApplicationSettings> write
    )
    {
        if (
            await domains.Find(context.Request.Host.Host) is not { } appId
            || await applications.Find(appId) is not { Settings.PasskeysEnabled: true } application
        )
        {
            return ApiResults.From(ErrorCodes.UnknownRoute);
        }

        context.Response.Headers.CacheControl = CacheControl;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json, application.Settings);
        }

        return ApiResults.RawJson(buffer.ToArray());
    }

    private static bool IsSite(string origin) => origin.StartsWith("https://", StringComparison.Ordinal);
}
