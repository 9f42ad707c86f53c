using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Portal;

/// <summary>Refuses forms that another site sends, before anyone looks at who sends them.</summary>
public sealed class SameOrigin(RequestDelegate next, InstallationSettings installation, PortalRefusals refusals)
{
    private readonly string publicOrigin = new Uri(installation.PublicUrl).GetLeftPart(UriPartial.Authority);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.Headers.Origin.All(IsOurs) && request.Headers["Sec-Fetch-Site"].ToString() is not ("cross-site" or "same-site"))
        {
            return next(context);
        }

        refusals.ForeignOrigin(context);
        return RefusedForm.Page("This form was sent from another site.").ExecuteAsync(context);

        bool IsOurs(string? origin) => origin == publicOrigin || origin == $"{request.Scheme}://{request.Host}";
    }
}

public static class RefusedForm
{
    public static IResult OfRole() =>
        PlainPage.Of("Your role does not allow this", $"<h1>Your role does not allow this</h1><p>You may look at this page, not change what it shows. Nothing was changed. An owner of the application can give you another role.</p><p><a href=\"{PortalServices.Path}\">Open the portal</a></p>", StatusCodes.Status403Forbidden);

    public static IResult TooLarge() =>
        PlainPage.Of("The form was too large", $"<h1>The form was too large</h1><p>It held more than this page can take. Nothing was changed.</p><p>Go back to shorten it, or <a href=\"{PortalServices.Path}\">open the portal</a>.</p>", StatusCodes.Status413PayloadTooLarge);

    public static IResult Page(string reason) =>
        PlainPage.Of("The form was not accepted", $"<h1>The form was not accepted</h1><p>{reason} Nothing was changed.</p><p><a href=\"{PortalServices.Path}\">Open the portal</a> and try again.</p>", StatusCodes.Status400BadRequest);
}
