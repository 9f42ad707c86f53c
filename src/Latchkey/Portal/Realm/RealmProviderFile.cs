using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Applications;
using Latchkey.Applications.Realm;
using Latchkey.Core;

namespace Latchkey.Portal.Realm;

/// <summary>
/// The provider's configuration as the file <c>auth/providers.json</c> of an App Services application, for those who import it themselves.
/// </summary>
public static class RealmProviderFile
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void MapProviderFile(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet($"{PortalServices.Path}/applications/{{appId}}/realm/provider.json", Download)
            .RequireAuthorization(PortalAccessRequirement.Policy)
            .ExcludeFromDescription();

    /// <param name="signing">A <see cref="RealmSigning"/>.</param>
    private static async Task<IResult> Download(
        string appId,
        string? signing,
        ApplicationRules applications,
        RealmRules realm,
        HttpContext context
    )
    {
        if (!Field.IsStorable(appId) || await applications.Find(appId) is not { } app)
        {
            return TypedResults.NotFound();
        }

        var provider = RealmTokenProvider.Document(
            ApplicationRules.SettingsOf(app),
            RealmSigning.Parse(signing ?? ""),
            realm.JwksAddress(app.Id)
        );
        context.Response.Headers.ContentDisposition = "attachment; filename=\"providers.json\"";
        return TypedResults.Text(
            new JsonObject { [RealmTokenProvider.Type] = provider }.ToJsonString(Readable) + "\n",
            "application/json; charset=utf-8"
        );
    }
}
