using System.Net;
using System.Net.Sockets;

namespace Latchkey.BrowserTests;

public sealed class SignInTests(BrowserFixture installation)
{
    [Fact]
    public async Task a_wrong_password_is_said_beside_the_field_and_the_address_stays()
    {
        var page = await installation.Anonymous();
        await page.SignIn(password: "not the password");
        await Assertions.Expect(page.Locator("#field-password-error")).ToContainTextAsync("wrong");
        await Assertions.Expect(page.GetByLabel("E-mail address")).ToHaveValueAsync(BrowserFixture.Email);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_page_asked_for_before_signing_in_opens_after_it()
    {
        var page = await installation.Anonymous();
        await page.SignIn("/portal/operator/mailbox?search=someone");
        await Assertions.Expect(page).ToHaveURLAsync($"{installation.Server.Url}/portal/operator/mailbox?search=someone");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task the_session_is_new_at_every_sign_in()
    {
        var page = await installation.Anonymous();
        await page.SignIn();
        var first = await SessionOf(page);
        await page.GotoAsync("/portal/sign-in?returnUrl=/portal/operator/mailbox");
        await Assertions.Expect(page).ToHaveURLAsync($"{installation.Server.Url}/portal/operator/mailbox");

        var form = (await PortalForm.On(installation, "/portal/sign-in", ""))
            .First() // the second is for a passkey
            .With("email", BrowserFixture.Email)
            .With("password", BrowserFixture.Password);
        using var again = await form.Send(installation);
        var second = again
            .Headers.GetValues("Set-Cookie")
            .Single(cookie => cookie.StartsWith("latchkey=", StringComparison.Ordinal))
            .Split(';')[0];
        second.ShouldNotBe(first);
        (await IsSignedIn(second)).ShouldBeTrue();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task signing_out_ends_the_session_on_the_server()
    {
        var page = await installation.Anonymous();
        await page.SignIn();
        var session = await SessionOf(page);
        (await IsSignedIn(session)).ShouldBeTrue();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You are signed out.")).ToBeVisibleAsync();
        (await IsSignedIn(session)).ShouldBeFalse();
        (await page.Context.CookiesAsync()).ShouldNotContain(cookie => cookie.Name == "latchkey");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task sixty_spellings_of_an_open_redirect_stay_local()
    {
        Spellings.Count.ShouldBeGreaterThanOrEqualTo(60);
        foreach (var (index, spelling) in Spellings.Index())
        {
            using var client = ClientAt($"127.77.0.{1 + (index / 15)}"); // one address signs in 20 times a minute at most
            var form = (await PortalForm.On(installation, $"/portal/sign-in?returnUrl={spelling}", ""))
                .First()
                .With("email", BrowserFixture.Email)
                .With("password", BrowserFixture.Password);
            using var response = await form.Send(installation, client: client);
            ((int)response.StatusCode).ShouldBe(303, spelling);
            var location = response.Headers.GetValues("Location").Single();
            location.ShouldMatch(@"^/portal($|[/?])", spelling);
            new Uri(new Uri(installation.Server.Url), location).Authority.ShouldBe(new Uri(installation.Server.Url).Authority, spelling);
        }
    }

    private static HttpClient ClientAt(string address) =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectCallback = async (context, stop) =>
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                    await socket.ConnectAsync(context.DnsEndPoint, stop);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        );

    private static IReadOnlyList<string> Spellings { get; } =
    [
        .. from target in new[]
        {
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "http:evil.example",
            "https:/evil.example",
            "///evil.example",
            "/%09/evil.example",
            "\t//evil.example",
            "/\t/evil.example",
            "/\r\n/evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example/portal",
            "/portal/..//evil.example",
            "/portal\\..\\..\\\\evil.example",
            "/portal@evil.example",
            "/portal.evil.example",
            "//evil.example\\@127.0.0.1",
            "https://127.0.0.1@evil.example",
            "/portal//evil.example",
            "/\u2215/evil.example",
            "\uFF0F\uFF0Fevil.example",
            "/portal\r\nLocation: https://evil.example",
            "/;//evil.example",
            "/?//evil.example",
            ".evil.example",
            "@evil.example",
            "/portal/sign-in?returnUrl=//evil.example",
            " //evil.example",
        }
        from spelled in new[] { Uri.EscapeDataString(target), Uri.EscapeDataString(Uri.EscapeDataString(target)) }
        select spelled,
        "/portal&returnUrl=//evil.example",
    ];

    private static async Task<string> SessionOf(IPage page) =>
        (await page.Context.CookiesAsync())
            .Where(cookie => cookie.Name == "latchkey")
            .Select(cookie => $"latchkey={cookie.Value}")
            .Single();

    private async Task<bool> IsSignedIn(string cookie)
    {
        using var response = await installation.Get("/portal", cookie);
        return response.IsSuccessStatusCode;
    }
}
