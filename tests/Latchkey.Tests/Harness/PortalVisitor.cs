using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Harness;

/// <summary>A page as the portal answered it.</summary>
public sealed record PortalResponse(HttpStatusCode Status, string Location, string Html)
{
    public IHtmlDocument Document { get; } = new HtmlParser().ParseDocument(Html);

    /// <summary>What stands in the elements that a selector finds.</summary>
    public string Text(string selector) =>
        string.Join(' ', Document.QuerySelectorAll(selector).Select(element => element.TextContent.Trim()));
}

/// <summary>Somebody who is signed in to the portal, without a browser.</summary>
public sealed class PortalVisitor : IDisposable
{
    private const string Password = "violet harbour lamp";

    private readonly HttpClient http;
    private readonly ServerProcess server;

    private readonly CookieContainer cookies;

    private PortalVisitor(ServerProcess server, CookieContainer cookies)
    {
        (this.server, this.cookies) = (server, cookies);
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies })
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    /// <summary>The same browser at another node of the installation.</summary>
    public PortalVisitor On(ServerProcess node) => new(node, cookies);

    /// <summary>Somebody who has not signed in.</summary>
    public static PortalVisitor Anonymous(ServerProcess server) => new(server, new CookieContainer());

    /// <summary>A new operator.</summary>
    public static async Task<PortalVisitor> Operator(ServerProcess server, string email = "ada@operators.example")
    {
        (
            await server.Installation.RunWithInput(Password, "operator", "create", "--email", email, "--name", "Ada", "--password-stdin")
        ).ShouldSucceed();
        var visitor = new PortalVisitor(server, new CookieContainer());
        (await visitor.Submit("/portal/sign-in", "sign-in", ("email", email), ("password", Password))).Status.ShouldBe(
            HttpStatusCode.SeeOther
        );
        return visitor;
    }

    /// <summary>A new developer, member of one application.</summary>
    public static async Task<PortalVisitor> Member(App app, string role)
    {
        var email = $"{role}-{app.Id[..8]}@developers.example";
        var visitor = await Operator(app.Server, email);
        await app.Installation.Execute("UPDATE developers SET role = 'developer' WHERE email = @email", new { email });
        await app.Installation.Execute(
            "INSERT INTO members (app_id, developer_id, role, added_at) SELECT @appId, id, @role, 1 FROM developers WHERE email = @email",
            new
            {
                appId = app.Id,
                role,
                email,
            }
        );
        return visitor;
    }

    public async Task<PortalResponse> Get(string path)
    {
        using var response = await http.GetAsync(new Uri(server.Address, path));
        return await Read(response);
    }

    /// <summary>Puts a cookie into the browser.</summary>
    public void SetCookie(string name, string value) => cookies.Add(server.Address, new Cookie(name, value));

    /// <summary>The answer itself, for its headers.</summary>
    public Task<HttpResponseMessage> Answer(string path) => http.GetAsync(new Uri(server.Address, path));

    /// <summary>Opens a page, fills one of its forms and sends it.</summary>
    public async Task<PortalResponse> Submit(string path, string form, params (string Name, string Value)[] fields) =>
        await Send(path, await Open(path, form), fields);

    /// <summary>As <see cref="Submit"/>, as a browser shows it: where it redirects, the page that it leads to.</summary>
    public async Task<PortalResponse> SubmitAndFollow(string path, string form, params (string Name, string Value)[] fields)
    {
        var sent = await Submit(path, form, fields);
        return sent.Status == HttpStatusCode.SeeOther ? await Get(sent.Location) : sent;
    }

    /// <summary>The fields of a page's form as the page has them.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Open(string path, string form)
    {
        var page = await Get(path);
        var element =
            page.Document.QuerySelectorAll("form")
                .SingleOrDefault(one => one.QuerySelector("input[name=_handler]")?.GetAttribute("value") == form)
            ?? throw new InvalidOperationException($"{path} has no form {form}, {page.Status}");
        var filled = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var input in element
                .QuerySelectorAll("input[name]")
                .Where(input => input.GetAttribute("type") is not ("radio" or "checkbox") || input.HasAttribute("checked"))
        )
        {
            filled[input.GetAttribute("name")!] = input.GetAttribute("value") ?? "";
        }

        return filled;
    }

    public async Task<PortalResponse> Send(
        string path,
        IReadOnlyDictionary<string, string> form,
        params (string Name, string Value)[] fields
    )
    {
        var filled = new Dictionary<string, string>(form, StringComparer.Ordinal);
        foreach (var (name, value) in fields)
        {
            filled[name] = value;
        }

        using var content = new FormUrlEncodedContent(filled);
        using var response = await http.PostAsync(new Uri(server.Address, path), content);
        return await Read(response);
    }

    /// <summary>Sends a body as it is, for example a form that the portal's scripts send.</summary>
    public async Task<PortalResponse> Post(string path, HttpContent content)
    {
        using var response = await http.PostAsync(new Uri(server.Address, path), content);
        return await Read(response);
    }

    public void Dispose() => http.Dispose();

    private static async Task<PortalResponse> Read(HttpResponseMessage response) =>
        new(response.StatusCode, response.Headers.Location?.OriginalString ?? "", await response.Content.ReadAsStringAsync());
}
