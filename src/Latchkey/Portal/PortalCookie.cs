using Latchkey.Core.Configuration;

namespace Latchkey.Portal;

/// <summary>
/// The portal's cookies: host-only, HttpOnly, Lax; on https also Secure. On a host of its own they are named so that no other host can set
/// them. Browsers demand the path / for that (RFC 6265bis §4.1.3.2), so below a path base they are only kept from the host's other paths.
/// </summary>
public sealed class PortalCookie(InstallationSettings installation)
{
    public const string Session = "latchkey";
    public const string Antiforgery = "latchkey-form";

    /// <summary>Whether lists have dense rows or wide ones.</summary>
    public const string Rows = "latchkey-rows";

    /// <summary>Valid only between the password and the second factor.</summary>
    public const string Login = "latchkey-login";

    private const int MaxTokenLength = 199;

    private readonly bool isHttps = installation.PortalUrl.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>Empty on a host of its own.</summary>
    private readonly string pathBase = new PathBase(new Uri(installation.PortalUrl)).ToString();

    public CookieBuilder Options(string name) =>
        new Builder(isHttps)
        {
            Name = Name(name),
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = pathBase.Length > 0 ? pathBase : "/",
            SecurePolicy = CookieSecurePolicy.None,
            IsEssential = true,
        };

    /// <summary>What the browser sent in this cookie; null for nothing, or more than <paramref name="maxLength"/> characters.</summary>
    public string? Read(HttpRequest request, string name, int maxLength = MaxTokenLength) =>
        request.Cookies[Name(name)] is { Length: > 0 } value && value.Length <= maxLength ? value : null;

    /// <summary>The names of the cookies that the browser sent and that begin so, without the prefix of https.</summary>
    public List<string> Names(HttpRequest request, string start) =>
        [
            .. request
                .Cookies.Keys.Where(name => name.StartsWith(Name(start), StringComparison.Ordinal))
                .Select(name => name[(Name(start).Length - start.Length)..]),
        ];

    /// <param name="context">The request that is answered.</param>
    /// <param name="name">The cookie's name without its prefix.</param>
    /// <param name="value">What the browser sends back.</param>
    /// <param name="lifetime">How long the browser keeps it; null until it is closed.</param>
    public void Write(HttpContext context, string name, string value, TimeSpan? lifetime = null)
    {
        var options = Options(name).Build(context);
        options.MaxAge = lifetime;
        context.Response.Cookies.Append(Name(name), value, options);
    }

    public void Clear(HttpContext context, string name) => context.Response.Cookies.Delete(Name(name), Options(name).Build(context));

    private string Name(string name) =>
        !isHttps ? name
        : pathBase.Length > 0 ? $"__Secure-{name}"
        : $"__Host-{name}";

    /// <summary>Secure depends on the portal's URL, because a proxy in front may use plain http to this server.</summary>
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
