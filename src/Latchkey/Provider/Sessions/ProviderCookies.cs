using Latchkey.Applications;
using Latchkey.Core.Configuration;

namespace Latchkey.Provider.Sessions;

/// <summary>The cookies of an application's pages and of its authorization endpoint. They go to these only, and to no script.</summary>
public sealed class ProviderCookies(InstallationSettings installation)
{
    private const string Secure = "__Secure-";
    private const string Language = "latchkey-language";

    /// <summary>The language that the user chose on a page; null for none. Anybody may have written it.</summary>
    public static string? ReadLanguage(HttpRequest request) => request.Cookies[$"{Secure}{Language}"] ?? request.Cookies[Language];

    /// <summary>Keeps the language that the user chose, for a year.</summary>
    public void WriteLanguage(HttpContext context, Application application, string tag, DateTimeOffset now) =>
        Write(context, application, Language, tag, now.AddYears(1));

    public string? Read(HttpContext context, string name) => context.Request.Cookies[NameOf(context, name)];

    /// <param name="context">The request.</param>
    /// <param name="application">Whose pages get it.</param>
    /// <param name="name">Without a prefix.</param>
    /// <param name="value">ASCII.</param>
    /// <param name="expires">Null for when the browser is closed.</param>
    public void Write(HttpContext context, Application application, string name, string value, DateTimeOffset? expires) =>
        context.Response.Cookies.Append(NameOf(context, name), value, Options(context, application, expires));

    public void Delete(HttpContext context, Application application, string name) =>
        context.Response.Cookies.Delete(NameOf(context, name), Options(context, application, expires: null));

    private bool IsSecure(HttpContext context) =>
        context.Request.IsHttps || installation.PublicUrl.StartsWith("https:", StringComparison.Ordinal);

    private string NameOf(HttpContext context, string name) => IsSecure(context) ? $"{Secure}{name}" : name;

    private CookieOptions Options(HttpContext context, Application application, DateTimeOffset? expires) =>
        new()
        {
            Path = ProviderPaths.CookiePath(context, application),
            HttpOnly = true,
            Secure = IsSecure(context),
            SameSite = SameSiteMode.Lax,
            Expires = expires,
        };
}
