using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Harness;

/// <summary>A browser at the portal, as far as HTTP goes: it keeps cookies, and sends forms with what is hidden in them.</summary>
public sealed class PortalClient(ServerProcess server, string from = "127.0.0.1")
{
    public const string SessionCookie = "latchkey";
    public const string LoginCookie = "latchkey-login";

    public ServerProcess Server => server;

    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    public string? Session => Cookies.GetValueOrDefault(SessionCookie);

    /// <summary>Where the browser says that its forms come from; it says nothing when this is null.</summary>
    public string? Origin { get; set; }

    /// <summary>Another browser with the same cookies, as after a theft.</summary>
    public PortalClient Copy()
    {
        var copy = new PortalClient(server, from);
        foreach (var (name, value) in Cookies)
        {
            copy.Cookies[name] = value;
        }

        return copy;
    }

    public Task<Reply> Get(string path) => Send(server.Request(HttpMethod.Get, path));

    public Task<Reply> Head(string path) => Send(server.Request(HttpMethod.Head, path));

    /// <summary>Opens the page and sends the form of this name with these fields.</summary>
    public async Task<Reply> Post(string path, string form, params (string Name, string Value)[] fields) =>
        await Send(path, await Fields(path, form), fields);

    /// <summary>As <see cref="Post(string, string, ValueTuple{string, string}[])"/>, and the page that it redirects to.</summary>
    public async Task<Reply> PostAndFollow(string path, string form, params (string Name, string Value)[] fields)
    {
        var sent = await Post(path, form, fields);
        return await Get(sent.Header("Location") ?? throw new InvalidOperationException($"{path} did not redirect: {(int)sent.Status}"));
    }

    /// <summary>The hidden fields of a page's form.</summary>
    public async Task<Dictionary<string, string>> Fields(string path, string form)
    {
        var page = await Get(path);
        var document = new HtmlParser().ParseDocument(page.Text);
        var input =
            document.QuerySelector($"input[name=_handler][value={form}]")
            ?? throw new InvalidOperationException($"{path} has no form {form}: {(int)page.Status} {document.Body!.TextContent.Trim()}");
        return ((IHtmlInputElement)input)
            .Form!.QuerySelectorAll("input[type=hidden]")
            .ToDictionary(one => one.GetAttribute("name")!, one => one.GetAttribute("value") ?? "", StringComparer.Ordinal);
    }

    /// <summary>Sends fields that were read before, or forged.</summary>
    public Task<Reply> Send(string path, IReadOnlyDictionary<string, string> hidden, params (string Name, string Value)[] fields)
    {
        var request = server.Request(HttpMethod.Post, path);
        var all = new Dictionary<string, string>(hidden, StringComparer.Ordinal);
        foreach (var (name, value) in fields)
        {
            all[name] = value;
        }

        request.Content = new FormUrlEncodedContent(all);
        return Send(request);
    }

    /// <summary>Sends a body as it is.</summary>
    public Task<Reply> SendRaw(string path, HttpContent body)
    {
        var request = server.Request(HttpMethod.Post, path);
        request.Content = body;
        return Send(request);
    }

    /// <summary>Whether the session cookie opens the portal.</summary>
    public async Task<bool> IsSignedIn() => (await Get("/portal")).Status == HttpStatusCode.OK;

    public Task<Reply> SignIn(string email, string password, string path = "/portal/sign-in") =>
        Post(path, "sign-in", ("email", email), ("password", password));

    private async Task<Reply> Send(HttpRequestMessage request)
    {
        using (request)
        {
            if (Cookies.Count > 0)
            {
                request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(one => $"{one.Key}={one.Value}")));
            }

            if (Origin is not null)
            {
                request.Headers.Add("Origin", Origin);
            }

            using var answer = await Clients.ForAddress(from).SendAsync(request);
            foreach (
                var (name, value) in (answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
                    .Select(one => one.Split(';')[0].Split('=', 2))
                    .Select(pair => (pair[0], pair[1]))
            )
            {
                Cookies[name] = value;
                if (value.Length == 0)
                {
                    Cookies.Remove(name);
                }
            }

            return await Reply.Read(answer);
        }
    }
}
