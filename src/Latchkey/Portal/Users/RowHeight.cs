namespace Latchkey.Portal.Users;

/// <summary>Whether the rows of lists are dense or wide, as the browser's cookie says. A link changes it, without scripts.</summary>
public static class RowHeight
{
    public const string Parameter = "rows";
    public const string Wide = "wide";
    public const string Dense = "dense";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>The choice; one in the address is kept for the next pages.</summary>
    public static bool IsWide(HttpContext http, PortalCookie cookies)
    {
        var asked = FormValues.Query(http.Request, Parameter);
        if (asked is not (Wide or Dense))
        {
            return cookies.Read(http.Request, PortalCookie.Rows) == Wide;
        }

        cookies.Write(http, PortalCookie.Rows, asked, Lifetime);
        return asked == Wide;
    }
}
