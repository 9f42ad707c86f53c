using Latchkey.Accounts;
using Latchkey.Applications.Members;
using Latchkey.Core;
using Latchkey.Data;
using Microsoft.AspNetCore.Authorization;

namespace Latchkey.Portal;

/// <summary>
/// The one place that decides who may do what, by account, method and route (<c>appId</c> names the application): a form that is posted
/// to a URL needs the same access as the page at that URL. Operators can do everything, developers what their role allows.
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

        var (access, needs) = (await AccessOf(developer, http), RequirementsOf(http));
        var visit = new PageAccess(access, access >= needs.ToView, access >= needs.ToView && access >= needs.ToEdit);
        http.Features.Set(visit);
        if (visit.CanEdit || (visit.CanView && IsReading(http.Request)))
        {
            context.Succeed(requirement);
        }
    }

    private async Task<Access> AccessOf(Developer developer, HttpContext http)
    {
        if (developer.IsOperator)
        {
            return Access.Operator;
        }

        if (AppId(http) is not { } appId)
        {
            return Access.SignedIn;
        }

        return (Field.IsStorable(appId) ? await database.Read(db => members.Role(db, appId, developer.Id)) : null) switch
        {
            MemberRole.Owner => Access.Owner,
            MemberRole.Editor => Access.Editor,
            MemberRole.Viewer => Access.Viewer,
            _ => Access.None,
        };
    }

    private static RequiresAccessAttribute RequirementsOf(HttpContext http) =>
        http.Request.Path.StartsWithSegments(OperatorPath, StringComparison.OrdinalIgnoreCase) ? new(Access.Operator, Access.Operator)
        : http.GetEndpoint()?.Metadata.GetMetadata<RequiresAccessAttribute>() is { } said ? said
        : AppId(http) is not null ? new(Access.Viewer, Access.Editor)
        : new(Access.SignedIn, Access.SignedIn);

    private static string? AppId(HttpContext http) => http.GetRouteValue("appId") as string;

    private static bool IsReading(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
}
