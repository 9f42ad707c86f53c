using System.Net;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Provider;
using Latchkey.Provider.Pages;
using Latchkey.Provider.Sessions;

namespace Latchkey.HostedPages;

/// <summary>
/// Lets in only forms that this server gave to the very browser that sends them, for the very thing that they do. A cookie holds a random
/// value, and the form a keyed hash of it; the browser's own word for where the form comes from counts too. This holds before anybody has
/// signed in, so nobody can be signed in to another's account.
/// </summary>
public sealed class FormGuard(ProviderCookies cookies, KeyRing ring, InstallationSettings installation)
{
    public const string Field = "form-key";

    /// <summary>The portal has a latchkey-form of its own, which a browser sends along where both are on one host.</summary>
    private const string Cookie = "latchkey-page-form";
    private const string Purpose = "hosted-form";
    private const int ValueLength = 43;

    private readonly string publicOrigin = new Uri(installation.PublicUrl).GetLeftPart(UriPartial.Authority);

    /// <summary>The hidden field of a form; empty in a preview, whose forms nobody sends.</summary>
    /// <param name="context">The request of the page.</param>
    /// <param name="application">Whose page it is.</param>
    /// <param name="what">What the form does, and for whom.</param>
    public string Input(HttpContext context, Application application, string what)
    {
        if (context.Features.Get<PagePreview>() is not null)
        {
            return "";
        }

        // A page with two forms gives out one value.
        var value = context.Items[Cookie] as string ?? cookies.Read(context, Cookie);
        if (value is not { Length: ValueLength })
        {
            value = Secrets.Token();
            context.Items[Cookie] = value;
            cookies.Write(context, application, Cookie, value, expires: null);
        }

        var key = ring.KeyedHash(Purpose, Subject(application, value, what));
        return $"<input type=\"hidden\" name=\"{Field}\" value=\"{WebUtility.HtmlEncode(key)}\">";
    }

    public bool IsOurs(HttpContext context, ProviderCaller caller, OAuthParameters form, string what) =>
        IsFromHere(context.Request, caller)
        && cookies.Read(context, Cookie) is { } value
        && form[Field] is { } key
        && ring.KeyedHashes(Purpose, Subject(caller.Application, value, what)).Any(hash => Equal(hash, key));

    /// <summary>A new value for what comes next, as somebody else may have known the one before.</summary>
    public void Renew(HttpContext context, Application application) => cookies.Delete(context, application, Cookie);

    private bool IsFromHere(HttpRequest request, ProviderCaller caller)
    {
        var issuerOrigin = new Uri(caller.Issuer).GetLeftPart(UriPartial.Authority);
        return request.Headers.Origin.All(origin =>
                origin == publicOrigin || origin == issuerOrigin || origin == $"{request.Scheme}://{request.Host}"
            ) && request.Headers["Sec-Fetch-Site"].ToString() is not ("cross-site" or "same-site");
    }

    private static string Subject(Application application, string value, string what) => $"{application.Id}\n{value}\n{what}";

    private static bool Equal(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
