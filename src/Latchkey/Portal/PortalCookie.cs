using Latchkey.Core.Configuration;

namespace Latchkey.Portal;

/// <summary>The portal's cookies: host-only, HttpOnly, Lax; on https also Secure and named so that no other host can set them.</summary>
public sealed class PortalCookie(InstallationSettings installation)
{
    public const string Session = "latchkey";
    public const string Antiforgery = "latchkey-form";

    /// <summary>Valid only between the password and the second factor.</summary>
    public const string Login = "latchkey-login";

    private readonly bool isHttps = installation.PublicUrl.StartsWith("https:", StringComparison.Ordinal);

    public CookieBuilder Options(string name) =>
        new Builder(isHttps)
        {
            Name = Name(name),
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            SecurePolicy = CookieSecurePolicy.None,
            IsEssential = true,
        };

    /// <summary>The token that the browser sent in this cookie, or null.</summary>
    public string? Read(HttpRequest request, string name) => request.Cookies[Name(name)] is { Length: > 0 and < 200 } token ? token : null;

    public void Write(HttpContext context, string name, string token) =>
        context.Response.Cookies.Append(Name(name), token, Options(name).Build(context));

    public void Clear(HttpContext context, string name) => context.Response.Cookies.Delete(Name(name), Options(name).Build(context));

    private string Name(string name) => isHttps ? $"__Host-{name}" : name;

    /// <summary>Secure depends on the public URL, because a proxy in front may use plain http to this server.</summary>
    private sealed class Builder(bool isSecure) : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = isSecure;
            return options;
        }
    }
}
