using System.Text.RegularExpressions;

namespace Latchkey.Tests.Messages;

/// <summary>Mail through a real SMTP server.</summary>
public sealed partial class SmtpDeliveryTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task A_mail_arrives_with_its_text_and_its_html()
    {
        await using var smtp = await SmtpServerProcess.Start(FreePort.Find());
        var app = await AppSendingTo(smtp.Port);
        (await app.Signup(Ann)).ShouldBeTrue();
        var mail = await smtp.MessageTo(Ann);
        mail.GetProperty("sender").GetString().ShouldBe("demo@sender.example");
        mail.GetProperty("recipients").EnumerateArray().Count().ShouldBe(1);
        mail.GetProperty("shownSender").GetString().ShouldNotBeNull().ShouldContain("Demo");
        var code = SixDigits().Match(mail.GetProperty("text").GetString()!).Value;
        mail.GetProperty("subject").GetString().ShouldNotBeNull().ShouldStartWith(code);
        mail.GetProperty("html").GetString().ShouldNotBeNull().ShouldContain(code);
        (await app.Complete(Ann, code)).ShouldBeOk();
        await StatusBecomes(app, "signUp", "sent");
        (
            await app.Installation.Query<string>("SELECT body_sealed FROM messages WHERE app_id = @Id AND kind = 'signUp'", new { app.Id })
        ).ShouldBeNull();
    }

    [Fact]
    public async Task User_and_password_are_given_where_they_are_asked_for()
    {
        await using var smtp = await SmtpServerProcess.Start(FreePort.Find(), "--user", "demo", "--password", "a secret");
        var app = await AppSendingTo(smtp.Port, "smtpUser=demo", "smtpPassword=a secret");
        (await app.Signup(Ann)).ShouldBeTrue();
        (await smtp.MessageTo(Ann)).GetProperty("user").GetString().ShouldBe("demo");
    }

    [Fact]
    public async Task A_certificate_of_a_known_authority_is_accepted_for_its_own_name_only()
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-ca-").FullName;
        string At(string file) => Path.Combine(folder, file);
        await LocalhostCertificate.Write(folder);
        await using var smtp = await SmtpServerProcess.Start(
            FreePort.Find(),
            "--cert",
            At("cert.pem"),
            "--key",
            At("key.pem"),
            "--user",
            "demo",
            "--password",
            "a secret"
        );
        var server = await servers.StartOn(await servers.NewInstallation(), ["--limits", "off"], [("SSL_CERT_FILE", At("ca.pem"))]);
        Task<App> SendingTo(string host) =>
            server.CreateApp(
                "emailExtension=1",
                "mailFrom=demo@sender.example",
                $"smtpHost={host}",
                $"smtpPort={smtp.Port}",
                "smtpSecurity=starttls",
                "smtpUser=demo",
                "smtpPassword=a secret"
            );

        (await (await SendingTo("localhost")).Signup(Ann)).ShouldBeTrue();
        var mail = await smtp.MessageTo(Ann);
        mail.GetProperty("encrypted").GetBoolean().ShouldBeTrue();
        mail.GetProperty("user").GetString().ShouldBe("demo");

        var other = await SendingTo("127.0.0.1");
        (await other.Signup("una@example.com")).ShouldBeTrue();
        (await AnswerTo(other)).ShouldContain("certificate", Case.Insensitive);
        smtp.Messages.Count.ShouldBe(1);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("Ünïcödé – ein sehr langer Name, der in keine Zeile passt 🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂")]
    [InlineData("\"Quoted\" \\ <eve>, (comment)")]
    [InlineData("=?utf-8?B?ZXZl?=")]
    [InlineData("Bcc: eve")]
    public async Task Any_name_of_an_application_is_shown_as_it_is(string name)
    {
        await using var smtp = await SmtpServerProcess.Start(FreePort.Find());
        var app = await App.Create(
            servers.Main,
            ["emailExtension=1", "mailFrom=demo@sender.example", "smtpHost=127.0.0.1", $"smtpPort={smtp.Port}", "smtpSecurity=none"],
            name
        );
        (await app.Signup(Ann)).ShouldBeTrue();
        var mail = await smtp.MessageTo(Ann);
        mail.GetProperty("senderName").GetString().ShouldBe(name);
        mail.GetProperty("senderAddress").GetString().ShouldBe("demo@sender.example");
        mail.GetProperty("headers")
            .EnumerateArray()
            .Select(header => header.GetString())
            .ShouldBe(["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]);
        mail.GetProperty("text").GetString().ShouldNotBeNull().ShouldContain(name);
        mail.GetProperty("longestLine").GetInt32().ShouldBeLessThanOrEqualTo(78);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_not_accepted()
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-tls-").FullName;
        var (cert, key) = (Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        await ChildProcess.Run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=127.0.0.1",
            "-days",
            "2",
            "-keyout",
            key,
            "-out",
            cert
        );
        await using var smtp = await SmtpServerProcess.Start(FreePort.Find(), "--cert", cert, "--key", key);
        var app = await AppSendingTo(smtp.Port, "smtpSecurity=starttls");
        (await app.Signup(Ann)).ShouldBeTrue();
        (await AnswerTo(app)).ShouldContain("certificate", Case.Insensitive);
        smtp.Messages.ShouldBeEmpty();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Where_encryption_is_demanded_and_not_offered_nothing_is_sent()
    {
        await using var smtp = await SmtpServerProcess.Start(FreePort.Find());
        var app = await AppSendingTo(smtp.Port, "smtpSecurity=starttls");
        (await app.Signup(Ann)).ShouldBeTrue();
        (await AnswerTo(app)).ShouldNotBeNullOrEmpty();
        smtp.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_could_not_be_sent_is_sent_when_the_server_is_back()
    {
        var app = await AppSendingTo(FreePort.Find() is var port ? port : 0);
        (await app.Signup(Ann)).ShouldBeTrue();
        (await AnswerTo(app)).ShouldNotBeNullOrEmpty();
        await using var smtp = await SmtpServerProcess.Start(port);
        await app.Installation.Execute("UPDATE message_directory SET next_attempt_at = 0 WHERE app_id = @Id", new { app.Id }); // the pause is over
        await smtp.MessageTo(Ann);
        await StatusBecomes(app, "signUp", "sent");
        smtp.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_final_refusal_is_kept_with_the_servers_words()
    {
        await using var smtp = await SmtpServerProcess.Start(FreePort.Find(), "--refuse", Ann);
        var app = await AppSendingTo(smtp.Port);
        (await app.Signup(Ann)).ShouldBeTrue();
        await StatusBecomes(app, "signUp", "failed");
        (await AnswerTo(app)).ShouldContain("no such mailbox here");
    }

    [Fact]
    public async Task No_handle_says_anything_to_the_server_but_its_address()
    {
        await using var smtp = await SmtpServerProcess.Start(FreePort.Find());
        var app = await AppSendingTo(smtp.Port, "callsPerSecond=1000000"); // a quick machine makes all calls within a second
        string[] payloads =
        [
            "\r\nRCPT TO:<eve@evil.example>",
            "\nDATA",
            "\rRSET",
            "\r\n.\r\nMAIL FROM:<eve@evil.example>",
            "%0d%0aRSET",
            "\u2028RSET",
            "\u2029RSET",
            "\u0085RSET",
            "\u000BRSET",
            "\fRSET",
            "\0RSET",
            "\u240D\u240ARSET",
            "\uFF0D\uFF0ARSET",
            "<eve@evil.example>",
            ">,<eve@evil.example",
            "> SIZE=1",
            " SIZE=1",
            ",eve@evil.example",
            ";eve@evil.example",
            ":eve@evil.example",
            "@evil.example:",
            "%evil.example",
            "!eve",
            "\"quoted\"",
            "\"a b\"",
            "\"\r\n\"",
            "\"\\\"",
            "a\\",
            "(comment)",
            "[127.0.0.1]",
            "=?utf-8?q?=0d=0aBcc:eve@evil.example?=",
            "\u200B",
            "\u202E",
            "\uFEFF",
            "\u3000",
            "\uFF20evil.example",
            "\uFF1Ceve\uFF1E",
            "\u037E",
            "\u2060RSET",
            "\tRSET",
            "NOTIFY=NEVER",
        ];
        var handles = payloads
            .SelectMany(payload =>
                new[]
                {
                    $"ann{payload}@example.com",
                    $"{payload}ann@example.com",
                    $"ann@example.com{payload}",
                    $"\"ann{payload}\"@example.com",
                    $"ann@{payload}example.com",
                }
            )
            .ToList();
        handles.Count.ShouldBeGreaterThanOrEqualTo(200);
        var taken = 0;
        foreach (var handle in handles)
        {
            taken += (await app.Signup(handle)).Code is null ? 1 : 0;
        }

        (await app.Signup("last@example.com")).ShouldBeTrue();
        await smtp.MessageTo("last@example.com");
        await WaitUntil.IsTrue("all that was taken is sent", () => Task.FromResult(smtp.Messages.Count == taken + 1));
        smtp.Commands.ShouldAllBe(command => Expected().IsMatch(command));
        smtp.Messages.ShouldAllBe(message => message.GetProperty("recipients").GetArrayLength() == 1);
        TestScale.RecordFigure(
            40,
            $"{handles.Count} handles, {taken} of them taken, {smtp.Commands.Count()} commands in the transcript, all expected"
        );
    }

    [Fact]
    public async Task No_name_or_sender_says_anything_to_the_server()
    {
        await using var smtp = await SmtpServerProcess.Start(FreePort.Find());
        string[] payloads =
        [
            "\r\nBcc: eve@evil.example",
            "\nRCPT TO:<eve@evil.example>",
            "\r\n\r\nbody",
            "\r\n.\r\nQUIT",
            "\u2028Bcc: eve@evil.example",
            "\u0085Bcc: eve@evil.example",
            "\" <eve@evil.example>, \"",
            "<eve@evil.example>",
            "a, eve@evil.example",
            "=?utf-8?q?=0d=0aBcc:eve@evil.example?=",
            "(eve)",
            "\\",
            "\0",
            "Ünï 💡",
        ];
        var sent = 0;
        foreach (var payload in payloads)
        {
            var made = await servers.Main.Installation.Run(
                "app",
                "create",
                "--name",
                $"Demo{payload}",
                "--algorithm",
                "ES256",
                "--json",
                "emailExtension=1",
                "mailFrom=demo@sender.example",
                "smtpHost=127.0.0.1",
                $"smtpPort={smtp.Port}",
                "smtpSecurity=none"
            );
            var app =
                made.ExitCode == 0
                    ? new App(
                        servers.Main,
                        made.Json.GetProperty("appId").GetString()!,
                        made.Json.GetProperty("appToken").GetString()!,
                        "",
                        ""
                    )
                    : await AppSendingTo(smtp.Port);
            await WaitUntil.IsTrue("the server knows the application", async () => (await app.Get("getApplication")).Code is null);
            (await app.Signup($"ann{sent++}@example.com")).ShouldBeTrue();
        }

        await WaitUntil.IsTrue("all are sent", () => Task.FromResult(smtp.Messages.Count == sent));
        smtp.Commands.ShouldAllBe(command => Expected().IsMatch(command));
        smtp.Messages.ShouldAllBe(message =>
            message.GetProperty("recipients").GetArrayLength() == 1 && message.GetProperty("sender").GetString() == "demo@sender.example"
        );
        TestScale.RecordFigure(40, $"{sent} names of applications, {smtp.Commands.Count()} commands in the transcript, all expected");
    }

    private async Task<App> AppSendingTo(int port, params string[] settings) =>
        await servers.Main.CreateApp([
            "emailExtension=1",
            "mailFrom=demo@sender.example",
            "smtpHost=127.0.0.1",
            $"smtpPort={port}",
            .. settings.Any(s => s.StartsWith("smtpSecurity", StringComparison.Ordinal)) ? settings : ["smtpSecurity=none", .. settings],
        ]);

    private static Task<string> AnswerTo(App app) =>
        WaitUntil.IsNotNull(
            "the first attempt is over",
            async () => await app.Installation.Query<string?>("SELECT answer FROM messages WHERE app_id = @Id", new { app.Id })
        );

    private static Task StatusBecomes(App app, string kind, string status) =>
        WaitUntil.IsTrue(
            $"{kind} is {status}",
            async () =>
                await app.Installation.Query<string>(
                    "SELECT status FROM messages WHERE app_id = @Id AND kind = @kind",
                    new { app.Id, kind }
                ) == status
        );

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex SixDigits();

    [GeneratedRegex(
        @"^b?['""]?(EHLO [^ ]+|MAIL FROM:<demo@sender\.example>( BODY=8BITMIME)?( SMTPUTF8)?|RCPT TO:<[^ <>]+@[^ <>]*example\.com>|DATA|QUIT)['""]?$"
    )]
    private static partial Regex Expected();
}
