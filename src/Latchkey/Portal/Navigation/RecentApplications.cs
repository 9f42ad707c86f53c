namespace Latchkey.Portal.Navigation;

/// <summary>
/// The applications that were opened last in this browser, in a cookie that ends with the browser. It holds ids only: whoever reads them
/// still asks which of them the visitor may see.
/// </summary>
public sealed class RecentApplications(PortalCookie cookies)
{
    public const int Max = 10;
    public const string CookieName = "latchkey-recent";

    private const int IdLength = 32;
    private const char Separator = '.';

    /// <summary>Ids, the last one first; what no application can be called is left out.</summary>
    public IReadOnlyList<string> Read(HttpRequest request) =>
        [
            .. (cookies.Read(request, CookieName, Max * (IdLength + 1)) ?? "")
                .Split(Separator, StringSplitOptions.RemoveEmptyEntries)
                .Where(id => id.Length == IdLength && id.All(char.IsAsciiHexDigitLower))
                .Take(Max),
        ];

    /// <summary>Notes that this application is open, and gives the list with it in front.</summary>
    public IReadOnlyList<string> Add(HttpContext context, string appId)
    {
        var before = Read(context.Request);
        if (before is [var last, ..] && last == appId)
        {
            return before;
        }

        List<string> after = [appId, .. before.Where(id => id != appId).Take(Max - 1)];
        cookies.Write(context, CookieName, string.Join(Separator, after));
        return after;
    }
}
