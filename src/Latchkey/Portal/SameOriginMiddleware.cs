using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Portal;

/// <summary>Refuses forms that another site sends, before anyone looks at who sends them.</summary>
public sealed class SameOriginMiddleware(RequestDelegate next, InstallationSettings installation, RejectedFormLog refusals)
{
    private readonly string publicOrigin = new Uri(installation.PublicUrl).GetLeftPart(UriPartial.Authority);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.Headers.Origin.All(IsOurs) && request.Headers["Sec-Fetch-Site"].ToString() is not ("cross-site" or "same-site"))
        {
            return next(context);
        }

        refusals.LogForeignOrigin(context);
        return RejectedFormPages.NotAccepted("This form was sent from another site.").ExecuteAsync(context);

        bool IsOurs(string? origin) => origin == publicOrigin || origin == $"{request.Scheme}://{request.Host}";
    }
}

public static class RejectedFormPages
{
    public static IResult InsufficientRole() =>
        PlainPage.Create("Your role does not allow this", $"<h1>Your role does not allow this</h1><p>You may look at this page, not change what it shows. Nothing was changed. An owner of the application can give you another role.</p><p><a href=\"{PortalServices.Path}\">Open the portal</a></p>", StatusCodes.Status403Forbidden);

    public static IResult TooLarge() =>
        PlainPage.Create("The form was too large", $"<h1>The form was too large</h1><p>It held more than this page can take. Nothing was changed.</p><p>Go back to shorten it, or <a href=\"{PortalServices.Path}\">open the portal</a>.</p>", StatusCodes.Status413PayloadTooLarge);

    public static IResult NotAccepted(string reason) =>
        PlainPage.Create("The form was not accepted", $"<h1>The form was not accepted</h1><p>{reason} Nothing was changed.</p><p><a href=\"{PortalServices.Path}\">Open the portal</a> and try again.</p>", StatusCodes.Status400BadRequest);
}
