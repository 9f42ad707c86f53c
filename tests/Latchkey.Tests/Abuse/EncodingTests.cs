using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Abuse;

/// <summary>
/// Bytes that are not UTF-8 are refused wherever text comes in, so that no two different inputs compare equal (security.md row 73).
/// </summary>
public sealed class EncodingTests(ServerFixture servers)
{
    private const string Password = "a grüne Wiese 9";

    [Theory]
    [InlineData("login", "handle=ann%40example.com&password=gr%FCne")]
    [InlineData("login", "handle=l%E9on%40example.com&password=x")]
    [InlineData("signup", "handle=ann%40example.com&password=gr%FCne+Wiese")]
    [InlineData("signup", "handle=ann%40example.com&password=gruene+Wiese&metaData=%7B%22a%22%3A%22%FF%22%7D")]
    [InlineData("signup", "handle=ann%40example.com&password=gruene+Wiese&x%FF=1")]
    [InlineData("signup", "handle=ann%40example.com&password=gr%ED%A0%80ne+Wiese")] // half of a surrogate pair
    [InlineData("signup", "handle=ann%40example.com&password=gr%C0%AFne+Wiese")] // a slash in two bytes
    [InlineData("resetPassword", "handle=ann%40example.com&password=gr%FCne+Wiese&code=123456")]
    [InlineData("register", "handle=ann%40example.com&password=gr%FCne+Wiese&code=123456")]
    [InlineData("completeSignup", "handle=l%E9on%40example.com&code=123456")]
    public async Task In_forms(string function, string form)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        (await app.PostRaw(function, Form(Encoding.ASCII.GetBytes(form)), ("app-token", app.Token))).ShouldFailWith(602);
        (await app.PostRaw(function, Form(Unescaped(form)), ("app-token", app.Token))).ShouldFailWith(602);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(0);
    }

    [Fact]
    public async Task In_json()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var body = new ByteArrayContent(Encoding.Latin1.GetBytes($$"""{"handle":"ann@example.com","password":"{{Password}}"}"""));
        body.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        (await app.PostRaw("signup", body, ("app-token", app.Token))).ShouldFailWith(602);
    }

    [Theory]
    [InlineData("app-token: gr\u00FCn")]
    [InlineData("access-token: gr\u00FCn")]
    [InlineData("app-secret: gr\u00FCn")]
    [InlineData("Cookie: latchkey=gr\u00FCn")]
    [InlineData("X-Other: gr\u00FCn")]
    public async Task In_headers(string header) =>
        (await SendRaw(servers.Main, $"GET /portal/sign-in HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{header}\r\n\r\n")).ShouldStartWith(
            "HTTP/1.1 400"
        );

    [Theory]
    [InlineData("/portal/sign-in?returnUrl=%FC", "400")]
    [InlineData("/portal/sign-in?%FC=1", "400")]
    [InlineData("/portal/sign-in?returnUrl=%25FC", "200")]
    [InlineData("/portal/sign-in?returnUrl=%C3%BC", "200")]
    [InlineData("/portal/sign-up/finish?token=%ED%A0%80", "400")]
    [InlineData("/?x=%FF", "400")]
    [InlineData("/docs/%FF", "404")]
    public async Task In_queries_and_paths_of_pages(string path, string status) =>
        (await SendRaw(servers.Main, $"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).ShouldStartWith($"HTTP/1.1 {status}");

    [Theory]
    [InlineData("/portal/sign-up/finish?token=%ED%A0%80")]
    [InlineData("/portal/sign-in?%FC=1")]
    public async Task In_queries_of_pages_a_browser_gets_a_page(string path) =>
        (await SendRaw(servers.Main, $"GET {path} HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n")).ShouldContain(
            "text/html"
        );

    [Fact]
    public async Task In_values_of_the_path()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        await app.CreateUser("l\uFFFDon@example.com");
        (await app.SendAsServer(HttpMethod.Get, "users/l%E9on@example.com")).ShouldFailWith(602, HttpStatusCode.NotFound);
        (await app.SendAsServer(HttpMethod.Get, "users/l%EF%BF%BDon@example.com")).ShouldBeOk();
    }

    [Theory]
    [InlineData("gr%FCne+Wiese+9")]
    [InlineData("gr%00ne+Wiese+9")]
    [InlineData("gr%EF%BF%BEne+Wiese+9")] // U+FFFE
    public async Task In_forms_of_the_portal(string escaped)
    {
        var server = await servers.Start();
        const string replaced = "gr\uFFFDne Wiese 9"; // which such bytes would become
        (
            await server.Installation.RunWithInput(
                "gr\u00FCne Wiese 9",
                ["operator", "create", "--email", "op@example.com", "--name", "Op", "--password-stdin"]
            )
        ).ShouldSucceed();
        var client = new PortalClient(server);
        ((int)(await client.SignIn("op@example.com", "gr\u00FCne Wiese 9")).Status).ShouldBe(303);
        var fields = await client.Fields("/portal/account/password", "password");
        var changed = await client.Send("/portal/account/password", fields, ("password", replaced));
        ((int)changed.Status).ShouldBe(303, changed.Text);

        var other = new PortalClient(server);
        var form = string.Join(
            '&',
            (await other.Fields("/portal/sign-in", "sign-in")).Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}")
        );
        var reply = await other.SendRaw(
            "/portal/sign-in",
            Form(Encoding.ASCII.GetBytes($"{form}&email=op%40example.com&password={escaped}"))
        );
        (reply.Status, other.Session).ShouldBe((HttpStatusCode.BadRequest, null));
        reply.Text.ShouldContain("The form was not accepted");
    }

    /// <summary>The portal's scripts send forms as multipart: good ones are taken, and what is not UTF-8 is refused there too.</summary>
    [Theory]
    [InlineData(new byte[] { 0x4E, 0xC3, 0xA9, 0x77 }, true)]
    [InlineData(new byte[] { 0x4E, 0xE9, 0x77 }, false)]
    public async Task In_forms_that_the_portals_scripts_send(byte[] name, bool isGood)
    {
        var app = await servers.Main.CreateApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        var path = $"/portal/applications/{app.Id}/settings/general";
        using var body = new MultipartFormDataContent();
        foreach (var (field, value) in await owner.Open(path, "name"))
        {
            body.Add(field == "name" ? new ByteArrayContent(name) : new StringContent(value), field);
        }

        (await owner.Post(path, body)).Status.ShouldBe(isGood ? HttpStatusCode.SeeOther : HttpStatusCode.BadRequest);
        (await app.Installation.Query<string>("SELECT name FROM applications WHERE id = @Id", new { app.Id })).ShouldBe(
            isGood ? "Néw" : "Demo"
        );
    }

    [Fact]
    public async Task On_the_command_line()
    {
        var app = await servers.Main.CreateApp();
        string[] add = ["user", "add", app.Id, "ann@example.com", "--password-stdin"];
        (await app.Installation.RunWithInput("gr\uFFFDne Wiese 9", add)).ShouldFail("not UTF-8");
        (await app.Installation.Run("user", "show", app.Id, "l\uFFFDon@example.com")).ShouldFail("not UTF-8");
        var file = Path.Combine(app.Installation.DataFolder, $"{app.Id}.html");
        await File.WriteAllBytesAsync(file, [0x67, 0x72, 0xFC, 0x6E]);
        (await app.Installation.Run("template", "set", app.Id, "EN", "signUp", "--html", file)).ShouldFail("not text in UTF-8");
    }

    private static ByteArrayContent Form(byte[] form)
    {
        var content = new ByteArrayContent(form);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded");
        return content;
    }

    /// <summary>The bytes above ASCII as they are, as careless clients send them.</summary>
    private static byte[] Unescaped(string form) =>
        [
            .. form.Split('%')
                .SelectMany(
                    (part, i) => i == 0 ? Encoding.ASCII.GetBytes(part) : [.. Byte(part[..2]), .. Encoding.ASCII.GetBytes(part[2..])]
                ),
        ];

    private static byte[] Byte(string hex) => Convert.FromHexString(hex) is [>= 0x80] raw ? raw : Encoding.ASCII.GetBytes($"%{hex}");

    /// <summary>The answer to a request whose characters are bytes.</summary>
    private static async Task<string> SendRaw(ServerProcess server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
