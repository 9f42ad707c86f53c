namespace Latchkey.Portal;

/// <summary>Leads to another page first, which comes back to where the visitor was.</summary>
public static class PortalRedirect
{
    /// <summary>The parameter that says that a form was sent and not taken.</summary>
    public const string FormNotTaken = "form";

    /// <summary>
    /// Redirects to a page whose <c>returnUrl</c> is the address of this request; for a form, that is the page with the form.
    /// </summary>
    /// <param name="context">The request, which is done.</param>
    /// <param name="page">The page's path, without the path base.</param>
    /// <param name="tellsOfForm">The page says that a form was not taken.</param>
    public static void To(HttpContext context, string page, bool tellsOfForm = false)
    {
        var request = context.Request;
        var isForm = !HttpMethods.IsGet(request.Method);
        var query = isForm ? WithoutSuccess(request.Query) : request.QueryString;
        var next = Uri.EscapeDataString(ReturnUrl.Sanitize(request.Path + query));
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location =
            $"{request.PathBase}{page}?returnUrl={next}{(isForm && tellsOfForm ? $"&{FormNotTaken}=1" : "")}";
    }

    /// <summary>The page of a form says what the last form on it did; this one did nothing.</summary>
    private static QueryString WithoutSuccess(IQueryCollection query) =>
        QueryString.Create(query.Where(one => one.Key is not ("done" or FlashCookie.Parameter)));
}
