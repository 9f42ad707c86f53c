using System.Net;
using AngleSharp.Html.Dom;

namespace Latchkey.Tests.Provider;

/// <summary>
/// A browser without scripts: it keeps cookies, follows redirects inside the server, fills forms, and says where a form comes from. What
/// leads elsewhere it shows and does not open.
/// </summary>
public sealed class Browser : IDisposable
{
    private const int MaxSteps = 10;
    private readonly HttpClient http;

    /// <param name="provider">Whose pages it visits.</param>
    /// <param name="language">The header Accept-Language.</param>
    /// <param name="userAgent">The header User-Agent.</param>
    /// <param name="handler">One that trusts the server's certificate.</param>
    public Browser(
        ProviderApp provider,
        string? language = null,
        string userAgent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        SocketsHttpHandler? handler = null
    )
    {
        Provider = provider;
        handler ??= new SocketsHttpHandler();
        (handler.AllowAutoRedirect, handler.UseCookies, handler.CookieContainer) = (false, true, Cookies);
        http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
        if (language is not null)
        {
            http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        }
    }

    public ProviderApp Provider { get; }

    public CookieContainer Cookies { get; } = new();

    /// <summary>Below the issuer or absolute.</summary>
    public Task<Visit> Open(string address) => Follow(new HttpRequestMessage(HttpMethod.Get, Absolute(address)));

    /// <summary>The authorization endpoint.</summary>
    public Task<Visit> Authorize(ProviderClient client, params (string Name, string? Value)[] changes) =>
        Open(client.AuthorizeUrl(changes));

    public Task<Visit> Post(string address, IEnumerable<(string Name, string Value)> form, string? origin = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Absolute(address))
        {
            Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))),
        };
        request.Headers.TryAddWithoutValidation("Origin", origin ?? new Uri(Provider.PublicUrl).GetLeftPart(UriPartial.Authority));
        return Follow(request);
    }

    /// <summary>Fills a form of a page and presses a button.</summary>
    public Task<Visit> Submit(Visit page, string? action, params (string Name, string Value)[] fields) =>
        Post(AddressOf(page, action), [.. FieldsOf(page, action, fields)]);

    /// <summary>Where the form goes: to its page if it does not say.</summary>
    private static string AddressOf(Visit page, string? action) =>
        page.Form(action).GetAttribute("action") is { Length: > 0 } target ? new Uri(page.Url, target).AbsoluteUri : page.Url.AbsoluteUri;

    /// <summary>What the form would send.</summary>
    public static IEnumerable<(string Name, string Value)> FieldsOf(Visit page, string? action, params (string Name, string Value)[] fields)
    {
        var inputs = page.Form(action)
            .QuerySelectorAll("input")
            .OfType<IHtmlInputElement>()
            .Where(input => input.Type is not "checkbox" || input.IsChecked)
            .Select(input => (Name: input.Name ?? "", input.Value))
            .Where(input => fields.All(field => field.Name != input.Name));
        return inputs.Concat(fields).Concat(action is null ? [] : [("action", action)]);
    }

    /// <summary>Signs in on the page that the browser is at.</summary>
    public Task<Visit> SignIn(Visit page, string handle, string password = App.Password) =>
        Submit(page.ShouldBePage("login"), "sign-in", ("handle", handle), ("password", password));

    /// <summary>Signs in for a client, whatever is needed on the way, and comes back with a code.</summary>
    public async Task<Visit> SignInAndAllow(ProviderClient client, string handle, params (string Name, string? Value)[] changes)
    {
        var visit = await Authorize(client, changes);
        if (visit is { Away: null, Page: "login" })
        {
            visit = await SignIn(visit, handle);
        }

        return visit is { Away: null, Page: "consent" } ? await Submit(visit, "allow") : visit;
    }

    public string? Cookie(string name) => Cookies.GetAllCookies().FirstOrDefault(cookie => cookie.Name == name)?.Value;

    public void Dispose() => http.Dispose();

    private Uri Absolute(string address) =>
        new(address.StartsWith("http", StringComparison.Ordinal) ? address : $"{Provider.Issuer}/{address}");

    private async Task<Visit> Follow(HttpRequestMessage request)
    {
        var steps = new List<HttpStatusCode>();
        while (true)
        {
            var url = request.RequestUri!;
            using var response = await http.SendAsync(request);
            request.Dispose();
            steps.Add(response.StatusCode);
            var reply = await Reply.Read(response);
            if ((int)response.StatusCode is < 300 or >= 400)
            {
                return new Visit(response.StatusCode, url, reply.Text, reply.Headers, null, steps);
            }

            response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
            var location = reply.Header("Location") ?? throw new InvalidOperationException($"{url} leads nowhere");
            if (!location.StartsWith($"{Provider.Issuer}/", StringComparison.Ordinal))
            {
                return new Visit(response.StatusCode, url, reply.Text, reply.Headers, location, steps);
            }

            steps.Count.ShouldBeLessThan(MaxSteps, $"{url} goes round in circles");
            request = new HttpRequestMessage(HttpMethod.Get, new Uri(location));
        }
    }
}
