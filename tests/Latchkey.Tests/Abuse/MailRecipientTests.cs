using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Abuse;

/// <summary>Who gets a mail, and where its link leads: security.md rows 16 and 17.</summary>
public sealed class MailRecipientTests(ServerFixture servers)
{
    private const string Una = "una@example.com";
    private const string Evil = "evil@evil.example";

    public static TheoryData<string, string> Shapes =>
        new()
        {
            { "json", $$"""{"handle":["{{Una}}","{{Evil}}"]}""" },
            { "json", $$$"""{"handle":{"0":"{{{Una}}}","1":"{{{Evil}}}"}}""" },
            { "json", $$"""{"handle":"{{Una}}","handle":"{{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}}","Handle":"{{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}}","email":"{{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}}","to":"{{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}}","recipient":["{{Evil}}"],"cc":"{{Evil}}","bcc":"{{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}}, {{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}};{{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}} {{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}}\r\nBcc: {{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}}\nCc: {{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}}%0d%0aBcc:{{Evil}}"}""" },
            { "json", $$"""{"handle":"<{{Una}}> {{Evil}}"}""" },
            { "json", $$"""{"handle":"\"{{Una}}\" <{{Evil}}>"}""" },
            { "json", $$"""{"handle":"{{Una}}\u0000{{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}}|{{Evil}}"}""" },
            { "json", $$"""{"handle":"{{Una}}@evil.example"}""" },
            { "json", $$"""{"handle":"una@example.com.evil.example"}""" },
            { "json", $$"""{"handle":" {{Una}} "}""" },
            { "json", $$"""{"handle":"UNA@EXAMPLE.COM"}""" },
            { "json", $$"""{"handle":"ｕｎａ@example.com"}""" },
            { "json", $$"""{"handle":"{{Una}}","metaData":"{\"handle\":\"{{Evil}}\"}"}""" },
            { "json", $$"""[{"handle":"{{Una}}"},{"handle":"{{Evil}}"}]""" },
            { "form", $"handle={Una}&handle={Evil}" },
            { "form", $"handle[]={Una}&handle[]={Evil}" },
            { "form", $"handle={Una}&email={Evil}" },
            { "form", $"handle={Una}%0ACc:{Evil}" },
            { "form", $"handle={Una},{Evil}" },
            { "form", $"handle={Una}&Handle={Evil}" },
            { "form", $"handle={Una}%26handle={Evil}" },
            { "form", $"handle={Una};handle={Evil}" },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_reset_code_goes_to_the_stored_address_or_nowhere(string kind, string body)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        await app.CreateUser(Una);
        var content = new StringContent(body, Encoding.UTF8, kind == "json" ? "application/json" : "application/x-www-form-urlencoded");
        var reply = await app.PostRaw($"forgotPassword?handle={Evil}&to={Evil}", content, ("app-token", app.Token));
        var codes = (await app.AllMails()).Where(mail => mail.Kind == "resetPassword").ToList();
        codes.Count.ShouldBe(reply.Code is null ? 1 : 0, reply.Text);
        codes.ShouldAllBe(mail => mail.To == Una);
        TestScale.RecordFigure(16, $"{Shapes.Count} shapes, one mail or none, to the stored address");
    }

    [Fact]
    public async Task No_mail_carries_a_foreign_host()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=link");
        string[] names =
        [
            "Host",
            "X-Forwarded-Host",
            "Forwarded",
            "X-Host",
            "X-Forwarded-Server",
            "X-Original-Host",
            "X-Original-URL",
            "X-Rewrite-URL",
            "X-HTTP-Host-Override",
            "X-Forwarded-Proto",
            "X-Forwarded-Prefix",
            "Origin",
            "Referer",
        ];
        string[] values =
        [
            "evil.example",
            "evil.example:80",
            "127.0.0.1.evil.example",
            "127.0.0.1@evil.example",
            "evil.example/127.0.0.1",
            "evil.example#",
            "host=evil.example;proto=https",
            "EVIL.example",
            "[::1]",
            "127.0.0.1, evil.example",
            "evil.example\\",
            "//evil.example",
            "https://evil.example",
            "evil.example%00",
            "é.evil.example",
        ];
        var sent = 0;
        foreach (var (n, name) in names.Index())
        {
            foreach (var value in values.Where((_, v) => (n + v) % TestScale.Size(3, 1) == 0))
            {
                await RawSignup(
                    app,
                    $"POST /api/appuser/signup HTTP/1.1\r\n{(name == "Host" ? "" : $"Host: {app.Server.Address.Authority}\r\n")}{name}: {value}\r\n",
                    ++sent
                );
            }
        }

        foreach (
            var line in new[]
            {
                "http://evil.example/api/appuser/signup",
                "https://evil.example:1/api/appuser/signup",
                "//evil.example/api/appuser/signup",
                "/api/appuser/signup?host=evil.example",
            }
        )
        {
            await RawSignup(app, $"POST {line} HTTP/1.1\r\nHost: evil.example\r\n", ++sent);
            await RawSignup(app, $"POST {line} HTTP/1.1\r\nHost: {app.Server.Address.Authority}\r\nHost: evil.example\r\n", ++sent);
        }

        var mails = await app.AllMails();
        mails.Count.ShouldBeGreaterThan(TestScale.Size(30, 100));
        mails.ShouldAllBe(mail => mail.Link!.StartsWith(app.Server.Address.AbsoluteUri, StringComparison.Ordinal));
        TestScale.RecordFigure(17, $"{sent} variants, {mails.Count} mails, 0 with a foreign host");
        mails.ShouldAllBe(mail => !$"{mail.Subject}{mail.Text}{mail.Html}".Contains("evil", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A signup as bytes on a socket, for heads that a decent client would not send.</summary>
    private static async Task RawSignup(App app, string head, int number)
    {
        var body = $$"""{"handle":"u{{number}}@example.com","password":"{{App.Password}}"}""";
        using var socket = new TcpClient();
        await socket.ConnectAsync(app.Server.Address.Host, app.Server.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes(
                $"{head}app-token: {app.Token}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: "
                    + $"close\r\n\r\n{body}"
            )
        );
        using var answer = new StreamReader(stream);
        (await answer.ReadToEndAsync()).ShouldNotContain("evil", Case.Insensitive);
    }
}
