using Latchkey.Configuration;

namespace Latchkey.Portal;

/// <summary>The portal's cookies: host-only, HttpOnly, Lax; on https also Secure and named so that no other host can set them.</summary>
public sealed class PortalCookie(Installation installation)
{
    public const string Session = "latchkey";
    public const string Antiforgery = "latchkey-form";

    private readonly bool isHttps = installation.PublicUrl.StartsWith("https:", StringComparison.Ordinal);

    public CookieBuilder Options(string name) => new Builder(isHttps)
    {
        Name = Name(name),
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        SecurePolicy = CookieSecurePolicy.None,
        IsEssential = true,
    };

    /// <summary>The session token that the browser sent, or null.</summary>
    public string? Read(HttpRequest request) => request.Cookies[Name(Session)] is { Length: > 0 and < 200 } token ? token : null;

    public void Write(HttpContext context, string token) => context.Response.Cookies.Append(Name(Session), token, Options(Session).Build(context));

    public void Clear(HttpContext context) => context.Response.Cookies.Delete(Name(Session), Options(Session).Build(context));

    private string Name(string name) => isHttps ? $"__Host-{name}" : name;

    /// <summary>Secure goes by the address that people reach: a proxy in front may speak plain http to this server.</summary>
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
