namespace Latchkey.Tests.Messages.Smtp;

/// <summary>Mail through Postfix, as operators run it: full names, STARTTLS, implicit TLS, logins.</summary>
public sealed class PostfixDeliveryTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Mail_goes_by_STARTTLS_under_a_full_name_and_logged_in()
    {
        await using var postfix = await PostfixServer.Start();
        var app = await (await Start(postfix, ("LATCHKEY_SMTP_HELO", "out.latchkey.example"))).CreateApp(postfix.Settings());
        (await app.Signup(Ann)).ShouldBeTrue();
        var mail = await postfix.FirstMail();
        mail.ShouldContain("Received: from out.latchkey.example (");
        mail.ShouldContain("with ESMTPSA");
        mail.ShouldContain($"(Authenticated sender: {PostfixServer.User})");
        (await AnswerTo(app)).ShouldStartWith("250 2.0.0 Ok: queued as ");
    }

    [Fact]
    public async Task Without_the_setting_the_name_is_one_that_is_taken_too()
    {
        await using var postfix = await PostfixServer.Start();
        var app = await (await Start(postfix)).CreateApp(postfix.Settings());
        (await app.Signup(Ann)).ShouldBeTrue();
        await postfix.FirstMail();
    }

    [Fact]
    public async Task Mail_goes_by_TLS_from_the_start_too()
    {
        await using var postfix = await PostfixServer.Start();
        var app = await (await Start(postfix)).CreateApp(postfix.Settings($"smtpPort={postfix.TlsPort}", "smtpSecurity=tls"));
        (await app.Signup(Ann)).ShouldBeTrue();
        (await postfix.FirstMail()).ShouldContain("with ESMTPSA");
    }

    [Fact]
    public async Task By_TLS_from_the_start_the_certificate_must_be_the_hosts()
    {
        await using var postfix = await PostfixServer.Start();
        var server = await Start(postfix);
        var app = await server.CreateApp([
            .. postfix.Settings($"smtpPort={postfix.TlsPort}", "smtpSecurity=tls").Where(setting => setting != "smtpHost=localhost"),
            "smtpHost=127.0.0.1",
        ]);
        (await app.Signup(Ann)).ShouldBeTrue();
        (await AnswerTo(app)).ShouldContain("certificate is for another name");
        postfix.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_installations_own_server_may_speak_TLS_from_the_start()
    {
        await using var postfix = await PostfixServer.Start();
        var server = await Start(postfix, Provider(postfix, "tls", postfix.TlsPort));
        (await (await server.CreateApp()).Signup(Ann)).ShouldBeTrue();
        (await postfix.FirstMail()).ShouldContain("with ESMTPSA");
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task One_common_mechanism_is_enough(string mechanism)
    {
        await using var postfix = await PostfixServer.Start([mechanism]);
        var app = await (await Start(postfix)).CreateApp(postfix.Settings());
        (await app.Signup(Ann)).ShouldBeTrue();
        (await postfix.FirstMail()).ShouldContain("Authenticated sender");
        await WaitUntil.IsTrue(
            $"Postfix logs {mechanism}",
            () => Task.FromResult(postfix.Log.Any(line => line.Contains($"sasl_method={mechanism}", StringComparison.OrdinalIgnoreCase)))
        );
    }

    [Fact]
    public async Task Without_one_the_mechanisms_are_named_and_nothing_is_sent()
    {
        await using var postfix = await PostfixServer.Start(["CRAM-MD5"]);
        var app = await (await Start(postfix)).CreateApp(postfix.Settings());
        (await app.Signup(Ann)).ShouldBeTrue();
        (await AnswerTo(app)).ShouldContain("the mail server offers CRAM-MD5");
        postfix.Mails.ShouldBeEmpty();
        (await Status(app)).ShouldBe("pending");
    }

    [Fact]
    public async Task A_refused_sender_is_tried_again()
    {
        await using var postfix = await PostfixServer.Start();
        var app = await (await Start(postfix)).CreateApp([
            .. postfix.Settings().Where(setting => !setting.StartsWith("smtpUser", StringComparison.Ordinal)),
        ]);
        (await app.Signup(Ann)).ShouldBeTrue();
        (await AnswerTo(app)).ShouldStartWith("554 5.7.1 <ann@example.com>: Recipient address rejected: Access denied");
        (await Status(app)).ShouldBe("pending");
    }

    [Fact]
    public async Task Doctor_tries_the_login_by_either_kind_of_encryption()
    {
        await using var postfix = await PostfixServer.Start();
        (await Doctor(postfix, Provider(postfix, "starttls", postfix.Port))).ShouldContain("is ready, encrypted and logged in");
        (await Doctor(postfix, Provider(postfix, "tls", postfix.TlsPort))).ShouldContain("is ready, encrypted and logged in");
        (await Doctor(postfix, Provider(postfix, "tls", postfix.Port))).ShouldContain("set LATCHKEY_SMTP_SECURITY to starttls");
        (await Doctor(postfix, [.. Provider(postfix, "tls", postfix.TlsPort), ("LATCHKEY_SMTP_PASSWORD", "wrong")])).ShouldContain(
            "535 5.7.8"
        );
    }

    private async Task<string> Doctor(PostfixServer postfix, params (string, string)[] environment)
    {
        var installation = await servers.NewInstallation();
        await using var doctor = ChildProcess.Start(
            RepositoryPaths.Program,
            ["doctor", "--data", installation.DataFolder, "--database", installation.DatabaseConnection],
            [("SSL_CERT_FILE", postfix.AuthorityFile), .. environment]
        );
        await doctor.WaitForExit();
        return string.Join('\n', doctor.Lines);
    }

    private async Task<ServerProcess> Start(PostfixServer postfix, params (string, string)[] environment) =>
        await servers.StartOn(
            await servers.NewInstallation(),
            ["--limits", "off"],
            [("SSL_CERT_FILE", postfix.AuthorityFile), .. environment]
        );

    private static (string, string)[] Provider(PostfixServer postfix, string security, int port) =>
        [
            ("LATCHKEY_SMTP_HOST", "localhost"),
            ("LATCHKEY_SMTP_PORT", $"{port}"),
            ("LATCHKEY_SMTP_SECURITY", security),
            ("LATCHKEY_SMTP_USER", PostfixServer.User),
            ("LATCHKEY_SMTP_PASSWORD", PostfixServer.Password),
            ("LATCHKEY_SMTP_FROM", "demo@example.com"),
        ];

    private static Task<string> AnswerTo(App app) =>
        WaitUntil.IsNotNull(
            "the first attempt is over",
            async () => await app.Installation.Query<string?>("SELECT answer FROM messages WHERE app_id = @Id", new { app.Id })
        );

    private static Task<string> Status(App app) =>
        app.Installation.Query<string>("SELECT status FROM messages WHERE app_id = @Id", new { app.Id });
}
