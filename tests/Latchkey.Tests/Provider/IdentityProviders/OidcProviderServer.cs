using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>oidc-provider of npm as a process, and a person who signs in on its pages.</summary>
public sealed class OidcProviderServer : IAsyncDisposable
{
    private const int MaxSteps = 20;
    private readonly string folder = Directory.CreateTempSubdirectory("latchkey-oidc-provider-").FullName;
    private readonly ChildProcess process;

    private OidcProviderServer(int port, string redirectUri)
    {
        Issuer = $"http://127.0.0.1:{port}";
        const string script = "oidc_provider.mjs";
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Provider", "IdentityProviders", script), Path.Combine(folder, script));
        Directory.CreateSymbolicLink(
            Path.Combine(folder, "node_modules"),
            Path.Combine(RepositoryPaths.Root, ".build", "npm", "node_modules")
        );
        process = ChildProcess.Start(
            "node",
            [Path.Combine(folder, script), $"{port}", redirectUri, LyingProvider.ClientId, LyingProvider.Secret]
        );
    }

    public string Issuer { get; }

    public static async Task<OidcProviderServer> Start(string redirectUri)
    {
        var server = new OidcProviderServer(FreePort.Find(), redirectUri);
        await WaitUntil.IsTrue("oidc-provider listens", () => Task.FromResult(server.process.Lines.Contains("ready")));
        return server;
    }

    /// <summary>Signs in there and allows what is asked. Returns the address that the browser is sent back to.</summary>
    public async Task<string> SignIn(string authorizeUrl, string login)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });
        var request = new HttpRequestMessage(HttpMethod.Get, authorizeUrl);
        for (var step = 0; step < MaxSteps; step++)
        {
            using var response = await http.SendAsync(request);
            var url = request.RequestUri!;
            request.Dispose();
            if ((int)response.StatusCode is >= 300 and < 400)
            {
                var next = new Uri(url, response.Headers.Location!);
                if (!next.AbsoluteUri.StartsWith(Issuer, StringComparison.Ordinal))
                {
                    return next.AbsoluteUri;
                }

                request = new HttpRequestMessage(HttpMethod.Get, next);
                continue;
            }

            var html = await response.Content.ReadAsStringAsync();
            var form = new HtmlParser().ParseDocument(html).QuerySelector("form") ?? throw new InvalidOperationException($"{url}: {html}");
            var fields = form.QuerySelectorAll("input").OfType<IHtmlInputElement>().Where(input => input.Name is { Length: > 0 });
            request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, form.GetAttribute("action")))
            {
                Content = new FormUrlEncodedContent(
                    fields.Select(input => KeyValuePair.Create(input.Name!, input.Name is "login" or "password" ? login : input.Value))
                ),
            };
        }

        throw new InvalidOperationException("oidc-provider leads round in circles");
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
