namespace Latchkey.Portal;

/// <summary>Leads to another page first, which comes back to where the visitor was.</summary>
public static class PortalRedirect
{
    /// <summary>
    /// Redirects to a page whose <c>returnUrl</c> is the address of this request; for a form, that is the page with the form.
    /// </summary>
    /// <param name="context">The request, which is done.</param>
    /// <param name="page">The page's path, without the path base.</param>
    public static void To(HttpContext context, string page)
    {
        var request = context.Request;
        var next = Uri.EscapeDataString(ReturnUrl.Sanitize(request.Path + request.QueryString));
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = $"{request.PathBase}{page}?returnUrl={next}";
    }
}
