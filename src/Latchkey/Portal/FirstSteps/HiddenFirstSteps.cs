using System.Text.RegularExpressions;

namespace Latchkey.Portal.FirstSteps;

/// <summary>
/// In which applications this browser does not show the first steps. It is a matter of taste and not of the application, so a cookie
/// has it.
/// </summary>
public sealed partial class HiddenFirstSteps(PortalCookie cookies)
{
    private const string Name = "latchkey-first-steps";

    /// <summary>The last ones; a browser keeps 4,096 bytes of a cookie.</summary>
    private const int MaxApplications = 50;
    private const int MaxLength = 2000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public bool Contains(HttpRequest request, string appId) => Read(request).Contains(appId, StringComparer.Ordinal);

    public void Set(HttpContext http, string appId, bool isHidden)
    {
        var others = Read(http.Request).Where(one => one != appId);
        string[] hidden = [.. isHidden ? others.Prepend(appId) : others];
        cookies.Write(http, Name, string.Join('.', hidden.Take(MaxApplications)), Lifetime);
    }

    private string[] Read(HttpRequest request) =>
        cookies.Read(request, Name, MaxLength) is { } value && Value().IsMatch(value) ? value.Split('.') : [];

    [GeneratedRegex(@"\A[0-9a-f]{1,64}(\.[0-9a-f]{1,64})*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Value();
}
