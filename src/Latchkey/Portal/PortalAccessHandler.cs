using Latchkey.Accounts;
using Latchkey.Applications;
using Latchkey.Applications.Members;
using Latchkey.Core;
using Latchkey.Data;
using Microsoft.AspNetCore.Authorization;

namespace Latchkey.Portal;

/// <summary>
/// The one place that decides who may do what, by account, method and route (<c>appId</c> names the application): a form that is posted
/// to a URL needs the same role as the page at that URL. Operators can do everything, developers what their role allows.
/// </summary>
public sealed class PortalAccessHandler(Database database, MemberStore members) : AuthorizationHandler<PortalAccessRequirement>
{
    private const string OperatorPath = $"{PortalServices.Path}/operator";

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PortalAccessRequirement requirement)
    {
        if (context.Resource is not HttpContext http || http.Features.Get<Developer>() is not { } developer)
        {
            return;
        }

        var (role, needs) = (await RoleOf(developer, http), RequirementsOf(http));
        var visit = new PageAccess(role, role >= needs.ToView, role >= needs.ToView && role >= needs.ToEdit);
        http.Features.Set(visit);
        if (visit.CanEdit || (visit.CanView && IsReading(http.Request)))
        {
            context.Succeed(requirement);
        }
    }

    private async Task<Role> RoleOf(Developer developer, HttpContext http)
    {
        if (developer.IsOperator)
        {
            return Role.Operator;
        }

        if (AppId(http) is not { } appId)
        {
            return Role.Developer;
        }

        return Field.IsStorable(appId) ? await database.Read(db => members.Role(db, appId, developer.Id)) : Role.None;
    }

    private static RequiresRoleAttribute RequirementsOf(HttpContext http) =>
        http.Request.Path.StartsWithSegments(OperatorPath, StringComparison.OrdinalIgnoreCase) ? new(Role.Operator, Role.Operator)
        : http.GetEndpoint()?.Metadata.GetMetadata<RequiresRoleAttribute>() is { } said ? said
        : AppId(http) is not null ? new(Role.Viewer, Role.Editor)
        : new(Role.Developer, Role.Developer);

    private static string? AppId(HttpContext http) => http.GetRouteValue("appId") as string;

    private static bool IsReading(HttpRequest request) => HttpMethods.IsGet(request.Method);
}
