using Latchkey.Core;

namespace Latchkey.Portal;

public static class RejectedFormPages
{
    public static IResult InsufficientRole() =>
        PlainPage.Create(
            "Your role does not allow this",
            "<h1>Your role does not allow this</h1><p>You can view this page, but not change anything on it. Nothing was "
                + $"changed. An owner of the application can give you another role.</p><p><a href=\"~{PortalServices.Path}\">Open the "
                + "portal</a></p>",
            StatusCodes.Status403Forbidden
        );

    public static IResult TooLarge() =>
        PlainPage.Create(
            "The form was too large",
            "<h1>The form was too large</h1><p>It contained more than this page accepts. Nothing was changed.</p><p>Go back and "
                + $"shorten it, or <a href=\"~{PortalServices.Path}\">open the portal</a>.</p>",
            StatusCodes.Status413PayloadTooLarge
        );

    public static IResult NotAccepted(string reason) =>
        PlainPage.Create(
            "The form was not accepted",
            $"<h1>The form was not accepted</h1><p>{reason} Nothing was changed.</p><p><a href=\"~{PortalServices.Path}\">Open the "
                + "portal</a> and try again.</p>",
            StatusCodes.Status400BadRequest
        );
}
