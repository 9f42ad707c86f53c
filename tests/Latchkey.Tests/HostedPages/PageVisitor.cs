using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Latchkey.Tests.Provider;

namespace Latchkey.Tests.HostedPages;

/// <summary>Somebody in front of the pages of an application, who comes from a client that asks for no consent.</summary>
public sealed partial record PageVisitor(ProviderApp Provider, ProviderClient Client, Browser Browser) : IDisposable
{
    public const string Ann = "ann@example.com";
    public const string NewPassword = "a brand new battery";

    /// <summary>Of pages that have passkeys.</summary>
    public const string PasskeyOrigin = "http://localhost:5400";

    public App App => Provider.App;

    /// <param name="servers">Where.</param>
    /// <param name="settings">Of the application.</param>
    public static async Task<PageVisitor> Create(ServerFixture servers, params string[] settings) =>
        await On(await servers.Unlimited(), settings);

    /// <summary>As <see cref="Create"/>, where the limits hold.</summary>
    public static Task<PageVisitor> WithLimits(ServerFixture servers, params string[] settings) => On(servers.Main, settings);

    /// <summary>At an origin that has passkeys: browsers give them to no address.</summary>
    public static async Task<PageVisitor> WithPasskeys(ServerFixture servers, params string[] settings)
    {
        var browser = await BrowserWithPasskeys(servers, settings);
        return await From(browser.Provider, browser);
    }

    /// <summary>In front of a new application at <see cref="PasskeyOrigin"/>.</summary>
    public static async Task<Browser> BrowserWithPasskeys(ServerFixture servers, string[] settings, params string[] options)
    {
        var server = await servers.Start(["--public-url", PasskeyOrigin, .. options]);
        var app = await App.CreateRsa(server, ["passkeysEnabled=1", .. settings]);
        var provider = new ProviderApp(app) { PublicUrl = PasskeyOrigin };
        return new Browser(provider, handler: HandlerTo(server.Address));
    }

    public static string Code(Mail mail) => mail.Code ?? throw new InvalidOperationException($"no code: {mail.Text}");

    public static string Link(Mail mail) => mail.Link ?? throw new InvalidOperationException($"no link: {mail.Text}");

    public Task<Visit> Authorize(params (string Name, string? Value)[] changes) => Browser.Authorize(Client, changes);

    /// <summary>The sign-up page, as somebody comes there from the client.</summary>
    public async Task<Visit> OpenSignUp() => (await Authorize(("prompt", "create"))).ShouldBePage("signup");

    public Task<Visit> SignUp(Visit page, string handle, params (string Name, string Value)[] fields) =>
        Browser.Submit(
            page,
            "sign-up",
            [("handle", handle), .. fields.Any(field => field.Name == "password") ? [] : new[] { ("password", App.Password) }, .. fields]
        );

    /// <summary>The newest mail, after everything that was asked for is done.</summary>
    public async Task<Mail> NewestMail(string handle)
    {
        await App.WaitForDeferredWork();
        return (await App.Mails(handle))[0];
    }

    /// <summary>Another browser in front of the same application.</summary>
    public PageVisitor Elsewhere() => this with { Browser = new Browser(Provider) };

    public async Task<JsonElement> UserInfo(Visit visit)
    {
        var tokens = (await Client.Exchange(visit.ShouldHaveCode(Provider).Code)).ShouldBeOk().Json;
        return (await Provider.UserInfo(tokens.GetProperty("access_token").GetString()!)).ShouldBeOk().Json;
    }

    public Task<int> CountUsers(string handle) =>
        Provider.Installation.Query<int>("SELECT COUNT(*) FROM users WHERE app_id = @Id AND handle = @handle", new { Provider.Id, handle });

    /// <summary>A page as people see it: without what is different each time.</summary>
    public static string WithoutKeys(Visit visit) => Key().Replace(visit.Html, "");

    public void Dispose() => Browser.Dispose();

    private static async Task<PageVisitor> On(ServerProcess server, string[] settings)
    {
        var provider = new ProviderApp(await App.CreateRsa(server, settings));
        return await From(provider, new Browser(provider));
    }

    private static async Task<PageVisitor> From(ProviderApp provider, Browser browser) =>
        new(provider, await provider.AddClient(change: settings => settings with { FirstParty = true }), browser);

    private static SocketsHttpHandler HandlerTo(Uri server) =>
        new()
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };

    [GeneratedRegex("name=\"(form-key|request)\" value=\"[^\"]*\"|request=[^\"&]*")]
    private static partial Regex Key();
}
