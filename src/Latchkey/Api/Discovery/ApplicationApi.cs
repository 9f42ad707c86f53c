using Latchkey.Api.Authentication;
using Latchkey.Core;

namespace Latchkey.Api.Discovery;

/// <summary>getApplication: what an app needs to know before anyone has logged in.</summary>
public static class ApplicationApi
{
    public static void MapApplication(this RouteGroupBuilder api) =>
        api.MapGet("getApplication", GetApplication)
            .RequiresToken(TokenKind.AppInEitherHeader)
            .WithMetadata(new AllowInactiveApplications())
            .WithSummary("The application's settings.");

    private static IResult GetApplication(AppCaller caller, HttpContext context)
    {
        var tag = caller.Application.DescriptionTag;
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, no-cache";
        return context.Request.Headers.IfNoneMatch.Any(known =>
            known?.Split(',').Any(one => one.Trim() is "*" || one.Trim().Replace("W/", "", StringComparison.Ordinal) == tag) == true
        )
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : ApiResults.RawJson(caller.Application.Description);
    }
}
