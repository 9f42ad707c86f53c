using Latchkey.Accounts;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Portal.Settings;
using Latchkey.Users.Administration;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Portal.Navigation;

/// <summary>
/// From anywhere to anywhere: pages, actions, settings and users of the open application, and applications, by their names. The
/// routes decide who may ask (<see cref="PortalAccessHandler"/>), and this shows what the visitor's role sees. Users are found by indexes
/// only, so it is fast at any number of them.
/// </summary>
public sealed class PortalSearch(
    ApplicationList applications,
    ApplicationRules rules,
    UserAdministration users,
    RecentApplications recent,
    AuditStore audit,
    InstallationSettings installation,
    PathBase pathBase
)
{
    public const string Path = $"{PortalServices.Path}/search";
    public const string ApplicationPath = $"{PortalServices.Path}/applications/{{appId}}/search";
    public const string Parameter = "q";
    public const int MaxTypedLength = 254;

    private const int MaxOfKind = 8;
    private const int MinSettingLength = 3;
    private const string Pages = "Pages";
    private const string Actions = "Actions";

    /// <summary>Maps the results as JSON, for the script; <see cref="SearchPage"/> shows the same.</summary>
    public static void MapPortalSearch(IEndpointRouteBuilder routes)
    {
        foreach (var path in new[] { Path, ApplicationPath })
        {
            routes.MapGet($"{path}/results", Results).RequireAuthorization(PortalAccessRequirement.Policy).ExcludeFromDescription();
        }
    }

    private static async Task<IResult> Results(HttpContext context, PortalSearch search) =>
        TypedResults.Json(
            await search.Find(context, FormValues.Query(context.Request, Parameter)),
            NavigationJson.Default.IReadOnlyListSearchResult
        );

    /// <summary>At most eight of each kind, by kind, the best first.</summary>
    /// <param name="http">The request, which names the visitor, the role, and the open application if there is one.</param>
    /// <param name="typed">Empty for what is at hand: the pages and actions here, and the applications that were open last.</param>
    public async Task<IReadOnlyList<SearchResult>> Find(HttpContext http, string typed)
    {
        var visitor = http.Features.GetRequiredFeature<Developer>();
        var text = typed.Length > MaxTypedLength ? "" : typed.Trim();
        var app = http.GetRouteValue("appId") is string appId ? await rules.Find(appId) : null;
        var places = (app is null ? [] : Of(app, http, text))
            .Concat(Of(visitor, text))
            .ToLookup(one => one.Result.Kind, StringComparer.Ordinal);
        return
        [
            .. new[] { Pages, Actions }
                .OrderByDescending(kind => places[kind].Any(one => one.IsNamed))
                .SelectMany(kind => places[kind].OrderByDescending(one => one.IsNamed).Take(MaxOfKind))
                .Select(one => one.Result),
            .. app is null ? [] : await Users(app, text),
            .. app is null ? [] : Settings(app, text),
            .. await Applications(http, visitor, text),
        ];
    }

    private IEnumerable<(SearchResult Result, bool IsNamed)> Of(ApplicationRow app, HttpContext http, string text) =>
        PortalDestinations
            .Of(ApplicationRules.SettingsOf(app), http.Features.GetRequiredFeature<PageAccess>().Role)
            .Where(one => one.Matches(text))
            .Select(one =>
                (new SearchResult(KindOf(one), one.Text, app.Name, $"{AddressOf(app.Id)}{Segment(one.Path)}"), one.IsNamed(text))
            );

    private IEnumerable<(SearchResult Result, bool IsNamed)> Of(Developer visitor, string text) =>
        PortalDestinations
            .Of(visitor.IsOperator, installation.Billing is not null)
            .Where(one => one.Matches(text))
            .Select(one => (new SearchResult(KindOf(one), one.Text, "", $"{pathBase}{PortalServices.Path}{one.Path}"), one.IsNamed(text)));

    private async Task<IEnumerable<SearchResult>> Users(ApplicationRow app, string text) =>
        text.Length == 0 || !ApplicationRules.SettingsOf(app).JwtEnabled
            ? []
            : (await users.FindByPrefix(app.Id, text, MaxOfKind)).Select(user => new SearchResult(
                "Users",
                audit.MaskHandle(user.Handle),
                user.IsSuspended ? "suspended" : user.UserName ?? "",
                $"{AddressOf(app.Id)}/users/{user.Id}"
            ));

    private IEnumerable<SearchResult> Settings(ApplicationRow app, string text) =>
        text.Length < MinSettingLength
            ? []
            : SettingsIndex
                .Find(ApplicationRules.SettingsOf(app), text)
                .Take(MaxOfKind)
                .Select(one => new SearchResult("Settings", one.Label, one.Page, $"{AddressOf(app.Id)}/{one.Path}"));

    private async Task<IEnumerable<SearchResult>> Applications(HttpContext http, Developer visitor, string text)
    {
        var developerId = visitor.IsOperator ? null : visitor.Id;
        var found =
            text.Length == 0
                ? await applications.Names(recent.Read(http.Request), developerId, MaxOfKind)
                : await applications.Names(text, developerId, MaxOfKind);
        return found.Select(app => new SearchResult(
            "Applications",
            app.Name,
            app.Status == ApplicationStatus.Active ? "" : app.Status,
            AddressOf(app.Id)
        ));
    }

    private string AddressOf(string appId) => $"{pathBase}{PortalServices.Path}/applications/{appId}";

    private static string Segment(string path) => path.Length == 0 ? "" : $"/{path}";

    private static string KindOf(PortalDestination one) => one.IsAction ? Actions : Pages;
}
