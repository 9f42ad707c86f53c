namespace Latchkey.Tests.Provider.RealClients;

/// <summary>A server as clients meet it on the internet: by https, with its limits on.</summary>
public sealed class HttpsProvider : IAsyncDisposable
{
    private readonly TlsProxy proxy;

    private HttpsProvider(TlsProxy proxy, ProviderApp app) => (this.proxy, App) = (proxy, app);

    public ProviderApp App { get; }

    /// <summary>The authority's certificate in PEM.</summary>
    public string AuthorityFile => proxy.AuthorityFile;

    public static async Task<HttpsProvider> Start(ServerFixture servers, params string[] settings)
    {
        var address = TlsProxy.FindAddress();
        var server = await servers.StartOn(
            await servers.NewInstallation(),
            ["--public-url", address.AbsoluteUri, "--proxies", "127.0.0.1/32"]
        );
        var proxy = await TlsProxy.Start(address, server.Address);
        var app = await Harness.App.CreateRsa(server, ["signupFlow=none", .. settings]);
        return new HttpsProvider(proxy, new ProviderApp(app) { PublicUrl = address.AbsoluteUri.TrimEnd('/') });
    }

    /// <summary>A handler that trusts the proxy's authority, and nobody else.</summary>
    public SocketsHttpHandler Handler(bool followsRedirects = true) => proxy.Handler(followsRedirects);

    public ValueTask DisposeAsync() => proxy.DisposeAsync();
}
