using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Accounts;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Portal;

/// <summary>
/// What the page after a form shows once: a new secret, the answer to a test message. It crosses the redirect in a cookie, encrypted
/// under the key ring and bound to the session, so that every node can show it and none has to store it. Showing it deletes the cookie.
/// </summary>
public sealed class FlashCookie(PortalCookie cookies, KeyRing ring, TimeProvider clock)
{
    /// <summary>The parameter of the page's address that names the cookie. Each form has a cookie of its own, so tabs do not mix.</summary>
    public const string Parameter = "shown";

    /// <summary>The longest text in characters; a browser keeps 4,096 bytes of a cookie, and encryption takes a third.</summary>
    public const int MaxLength = 900;

    private const int IdLength = 12;
    private const int MaxCookieLength = 4000;
    private const string NamePrefix = "latchkey-shown-";

    /// <summary>So many pages may be on their way; a browser that never opens them must not send ever more cookies.</summary>
    private const int MaxPending = 6;

    /// <summary>How long a browser that was interrupted can still open the page.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Keeps the text for the next page and gives that page's address.</summary>
    /// <param name="http">The request of the form.</param>
    /// <param name="what">What it is and whose, such as <c>password/{userId}</c>: no other page shows it.</param>
    /// <param name="text">At most <see cref="MaxLength"/> characters.</param>
    /// <param name="address">Path, query and fragment of the page that shows it.</param>
    public string Write(HttpContext http, string what, string text, string address)
    {
        var id = Secrets.Token()[..IdLength];
        var expiresAt = clock.Now() + (long)Lifetime.TotalMilliseconds;
        var content = string.Create(CultureInfo.InvariantCulture, $"{expiresAt}\n{text}");
        RemoveUnread(http);
        cookies.Write(http, CookieName(id), ring.Encrypt(Purpose(http, what), content), Lifetime);
        var (page, fragment) = address.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at
            ? (address[..at], address[at..])
            : (address, "");
        return $"{page}{(page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Parameter}={id}{fragment}";
    }

    /// <summary>The text that a form left for this page, once; null when there is none, or not any more.</summary>
    public string? Read(HttpContext http, string what)
    {
        var id = FormValues.Query(http.Request, Parameter);
        if (
            id.Length != IdLength
            || HttpMethods.IsPost(http.Request.Method)
            || cookies.Read(http.Request, CookieName(id), MaxCookieLength) is not { } encrypted
            || Decrypt(http, what, encrypted) is not { } content
        )
        {
            return null;
        }

        if (!http.IsHead())
        {
            cookies.Clear(http, CookieName(id));
        }

        var end = content.IndexOf('\n', StringComparison.Ordinal);
        return long.Parse(content.AsSpan(0, end), CultureInfo.InvariantCulture) > clock.Now() ? content[(end + 1)..] : null;
    }

    private void RemoveUnread(HttpContext http)
    {
        var unread = cookies.Names(http.Request, NamePrefix);
        if (unread.Count >= MaxPending)
        {
            unread.ForEach(name => cookies.Clear(http, name));
        }
    }

    private string? Decrypt(HttpContext http, string what, string encrypted)
    {
        try
        {
            return ring.DecryptText(Purpose(http, what), encrypted);
        }
        catch (CryptographicException)
        {
            return null; // another page's, another session's, or made up
        }
    }

    private static string CookieName(string id) => $"{NamePrefix}{id}";

    private static string Purpose(HttpContext http, string what) => $"flash/{http.Features.GetRequiredFeature<PortalSession>().Id}/{what}";
}
