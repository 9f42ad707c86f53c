using System.Text.Json;
using Latchkey.Messages.Outbox;

namespace Latchkey.Tests.Messages.Providers;

/// <summary>A server whose applications bring providers of their own, for tests that run one after the other.</summary>
public sealed class ProviderServerFixture(ServerFixture servers) : IAsyncLifetime
{
    public FakeProviders StandIn { get; private set; } = null!;

    /// <summary>What has no provider of its own goes out by the stand-in's webhook.</summary>
    public ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        StandIn = await FakeProviders.Start();
        Server = await Start(StandIn, ("WEBHOOK_URL", StandIn.WebhookUrl.AbsoluteUri), ("WEBHOOK_SECRET", FakeProviders.HookSecret));
    }

    /// <summary>Another server, with providers of the installation's own.</summary>
    public async Task<ServerProcess> Start(FakeProviders standIn, params (string Name, string Value)[] environment) =>
        await servers.StartOn(
            await servers.NewInstallation(),
            ["--limits", "off"],
            [.. standIn.Environment, .. environment.Select(one => ($"LATCHKEY_{one.Name}", one.Value))]
        );

    public ValueTask DisposeAsync() => StandIn.DisposeAsync();
}

/// <summary>Messages by SendGrid, Twilio and a webhook, each of the installation's and of an application's own.</summary>
public sealed class ProviderDeliveryTests(ProviderServerFixture shared) : IClassFixture<ProviderServerFixture>
{
    private const string Una = "una@example.com";
    private const string Number = "+4915112345678";

    public static TheoryData<string> OwnProviders => ["sendgrid", "webhook"];

    [Fact]
    public async Task The_installations_sendgrid_and_twilio_take_messages()
    {
        await using var standIn = await FakeProviders.Start();
        var app = await (
            await shared.Start(
                standIn,
                ("SENDGRID_KEY", FakeProviders.SendGridKey),
                ("SENDGRID_FROM", "post@latchkey.example"),
                ("TWILIO_ACCOUNT_SID", FakeProviders.TwilioSid),
                ("TWILIO_AUTH_TOKEN", FakeProviders.TwilioToken),
                ("TWILIO_FROM", "+14155550100")
            )
        ).CreateApp("twoFactorVerification=google");
        (await app.Signup(Una)).ShouldBeTrue();
        var mail = await Next(standIn);
        (mail.To, mail.From).ShouldBe((Una, "post@latchkey.example"));
        mail.Raw.ShouldContain("\"click_tracking\":{\"enable\":false");
        var una = app.ParseTokens(await app.Complete(Una, Digits(mail.Text)));
        (await Next(standIn)).Subject.ShouldContain("Welcome");
        await una.EnableAuthenticator();
        var qrCode = await Next(standIn);
        var attachment = JsonDocument.Parse(qrCode.Raw).RootElement.GetProperty("attachments").EnumerateArray().Single();
        attachment.GetProperty("content_id").GetString().ShouldBe("qrcode");
        Convert.FromBase64String(attachment.GetProperty("content").GetString()!)[1..4].ShouldBe("PNG"u8.ToArray());
        await app.Set("twoFactorVerification=phone");
        (await una.Post("setPhone", new { phone = Number })).ShouldBeTrue();
        var sms = await Next(standIn);
        (sms.To, sms.From).ShouldBe((Number, "+14155550100"));
        (await una.Post("verifyPhone", new { code = Digits(sms.Text) })).ShouldBeTrue();
    }

    [Fact]
    public async Task The_installations_webhook_takes_mails_and_sms()
    {
        await using var standIn = await FakeProviders.Start();
        var app = await (
            await shared.Start(standIn, ("WEBHOOK_URL", standIn.WebhookUrl.AbsoluteUri), ("WEBHOOK_SECRET", FakeProviders.HookSecret))
        ).CreateApp("signupFlow=none", "twoFactorVerification=phone");
        var una = await app.CreateUser(Una);
        var mail = JsonDocument.Parse((await Next(standIn)).Raw).RootElement;
        mail.GetProperty("channel").GetString().ShouldBe("email");
        mail.GetProperty("appId").GetString().ShouldBe(app.Id);
        mail.GetProperty("kind").GetString().ShouldBe("signUpSuccess");
        (await una.Post("setPhone", new { phone = Number })).ShouldBeTrue();
        var sms = JsonDocument.Parse((await Next(standIn)).Raw).RootElement;
        (sms.GetProperty("channel").GetString(), sms.GetProperty("to").GetString()).ShouldBe(("sms", Number));
        (await una.Post("verifyPhone", new { code = sms.GetProperty("code").GetString() })).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(OwnProviders))]
    public async Task An_application_sends_by_its_own_provider_and_the_row_keeps_no_body(string kind)
    {
        var (standIn, app) = await OwnProvider(kind);
        (await app.Signup(Una)).ShouldBeTrue();
        var mail = await Next(standIn);
        mail.To.ShouldBe(Una);
        app.ParseTokens(await app.Complete(Una, Digits(mail.Text)));
        await WaitUntil.IsTrue("the message is marked sent", async () => (await Row(app)).Status == "sent");
        var row = await Row(app);
        row.BodySealed.ShouldBeNull();
        row.Attempts.ShouldBe(1);
        (await Next(standIn)).Subject.ShouldContain("Welcome");
    }

    [Fact]
    public async Task An_application_sends_sms_by_its_own_twilio_account()
    {
        await using var standIn = await FakeProviders.Start();
        var app = await (await shared.Start(standIn)).CreateApp(
            "signupFlow=none",
            "twoFactorVerification=phone",
            $"twilioAccountSid={FakeProviders.TwilioSid}",
            $"twilioAuthToken={FakeProviders.TwilioToken}",
            "twilioPhoneNumber=+14155550100"
        );
        var una = await app.CreateUser(Una);
        (await una.Post("setPhone", new { phone = Number })).ShouldBeTrue();
        (await una.Post("verifyPhone", new { code = Digits((await Next(standIn)).Text) })).ShouldBeTrue();
    }

    [Theory]
    [InlineData("sendgrid", 429, "come back later")]
    [InlineData("sendgrid", 503, "come back later")]
    [InlineData("webhook", 500, "Internal Server Error")]
    [InlineData("webhook", 408, "Request Timeout")]
    public async Task Not_now_is_tried_again_later(string kind, int status, string words)
    {
        var (standIn, app) = await OwnProvider(kind);
        standIn.EnqueueResponse(status, "come back later");
        (await app.Signup(Una)).ShouldBeTrue();
        await WaitUntil.IsTrue("the first attempt is over", async () => (await Row(app)).Answer is not null);
        var row = await Row(app);
        (row.Status, row.Attempts, row.Answer).ShouldBe(("pending", 1, $"{status} {words}"));
        (row.NextAttemptAt - row.CreatedAt).ShouldBeInRange(5_000, 60_000);
        await MakeDue(app);
        (await Next(standIn)).To.ShouldBe(Una);
        await WaitUntil.IsTrue("the message is marked sent", async () => (await Row(app)).Status == "sent");
        standIn.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_taken_is_not_sent_again_however_long_the_answer_is()
    {
        var (standIn, app) = await OwnProvider("webhook");
        standIn.EnqueueResponse(200, new string('x', 100_000));
        (await app.Signup(Una)).ShouldBeTrue();
        await WaitUntil.IsTrue("the message is marked sent", async () => (await Row(app)).Status == "sent");
        (await Row(app)).Attempts.ShouldBe(1);
    }

    [Theory]
    [InlineData("sendgrid", 400, "no such mailbox")]
    [InlineData("sendgrid", 413, "no such mailbox")]
    [InlineData("webhook", 404, "Not Found")]
    [InlineData("webhook", 302, "Found")]
    public async Task Never_is_given_up_with_the_providers_words_or_a_developers_webhooks_status(string kind, int status, string words)
    {
        var (standIn, app) = await OwnProvider(kind);
        standIn.EnqueueResponse(status, "no such mailbox");
        (await app.Signup(Una)).ShouldBeTrue();
        await WaitUntil.IsTrue("the message has failed", async () => (await Row(app)).Status == "failed");
        var row = await Row(app);
        row.Answer.ShouldBe($"{status} {words}");
        row.BodySealed.ShouldBeNull();
    }

    [Fact]
    public async Task A_wrong_key_is_given_up_with_the_providers_words()
    {
        var (standIn, app) = await OwnProvider("sendgrid");
        await app.Set("sendgridKey=SG.wrong-canary");
        (await app.Signup(Una)).ShouldBeTrue();
        await WaitUntil.IsTrue("the message has failed", async () => (await Row(app)).Status == "failed");
        (await Row(app)).Answer!.ShouldContain("authorization grant is invalid");
        NoCanary(app, (await Row(app)).Answer!, "SG.wrong-canary");
    }

    [Fact]
    public async Task After_its_last_attempt_a_message_has_failed()
    {
        var (standIn, app) = await OwnProvider("webhook");
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            standIn.EnqueueResponse(503);
        }

        (await app.Signup(Una)).ShouldBeTrue();
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            await WaitUntil.IsTrue(
                $"attempt {attempt} is over",
                async () => await Row(app) is { } row && row.Attempts == attempt && (row.Status == "failed" || row.Answer is not null)
            );
            await app.Installation.Execute(
                "UPDATE messages SET answer = NULL, expires_at = NULL WHERE app_id = @id AND status = 'pending'; " // as one without a code
                    + "UPDATE message_directory SET next_attempt_at = 0 WHERE app_id = @id",
                new { id = app.Id }
            );
        }

        await WaitUntil.IsTrue("the message has failed", async () => (await Row(app)).Status == "failed");
        standIn.Received.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sendgrid", 500)]
    [InlineData("sendgrid", 400)]
    [InlineData("webhook", 500)]
    [InlineData("webhook", 400)]
    public async Task A_provider_that_echoes_the_request_brings_no_secret_into_the_log(string kind, int status)
    {
        var (standIn, app) = await OwnProvider(kind);
        standIn.EnqueueResponse(status, "{echo}");
        (await app.Signup(Una)).ShouldBeTrue();
        await WaitUntil.IsTrue("the first attempt is over", async () => (await Row(app)).Answer is not null);
        var answer = (await Row(app)).Answer!;
        answer.Length.ShouldBeLessThan(320);
        NoCanary(app, answer, FakeProviders.SendGridKey, FakeProviders.HookSecret);
        if (status == 500)
        {
            await MakeDue(app);
            var code = Digits((await Next(standIn)).Text);
            NoCanary(app, answer, code);
        }
    }

    [Theory]
    [InlineData("text/plain; charset=no-such-charset")]
    [InlineData("text/plain; charset=\"")]
    [InlineData(";;;")]
    [InlineData("")]
    public async Task An_odd_content_type_is_no_harm(string contentType)
    {
        shared.StandIn.Clear();
        var (standIn, app) = (shared.StandIn, await shared.Server.CreateApp()); // by the installation's webhook, whose words are kept
        standIn.EnqueueResponse(500, $"\0\u0007{new string('x', 298)}😀😀 and more", contentType);
        (await app.Signup(Una)).ShouldBeTrue();
        await WaitUntil.IsTrue("the first attempt is over", async () => (await Row(app)).Answer is not null);
        await MakeDue(app);
        (await Next(standIn)).To.ShouldBe(Una);
    }

    [Theory]
    [InlineData("mailProvider=webhook", "webhookUrl=ftp://127.0.0.1/x")]
    [InlineData("mailProvider=webhook", "webhookUrl=/etc/passwd")]
    [InlineData("mailProvider=webhook", "webhookUrl=mailto:x@example.com")]
    [InlineData("mailProvider=smtp", "smtpHost=127.0.0.1")]
    [InlineData("mailProvider=smtp", "smtpHost=127.0.0.1", "mailFrom=not an address")]
    [InlineData("mailProvider=sendgrid", "sendgridKey=K")]
    [InlineData("mailProvider=webhook", "webhookUrl=http://127.0.0.1:1/", "webhookSecret=s")]
    [InlineData("mailProvider=webhook", "webhookUrl=http://127.0.0.1:1/")]
    public async Task A_provider_set_by_half_stops_neither_the_server_nor_others(params string[] settings)
    {
        var (standIn, server) = (shared.StandIn, shared.Server);
        standIn.Clear();
        var half = await server.CreateApp(["emailExtension=1", .. settings]);
        var good = await server.CreateApp();
        (await half.Signup("half@example.com")).ShouldBeTrue();
        (await good.Signup(Una)).ShouldBeTrue();
        await WaitUntil.IsTrue("the other application's mail arrives", () => Task.FromResult(standIn.Received.Any(mail => mail.To == Una)));
        await WaitUntil.IsTrue(
            "the attempt is over",
            async () => await Row(half) is { } row && (row.Status != "pending" || row.Answer is not null)
        );
        (await server.Get("/health/ready")).ShouldBeOk();
    }

    private static async Task<ReceivedMessage> Next(FakeProviders standIn)
    {
        return await WaitUntil.IsNotNull(
            "the provider takes a message",
            () => Task.FromResult(standIn.Received.TryDequeue(out var taken) ? taken : null)
        );
    }

    /// <summary>An application with a provider of its own, and the stand-in that is it.</summary>
    private async Task<(FakeProviders StandIn, App App)> OwnProvider(string kind)
    {
        shared.StandIn.Clear();
        return (
            shared.StandIn,
            await shared.Server.CreateApp(
                "emailExtension=1",
                $"mailProvider={kind}",
                "mailFrom=demo@example.org",
                $"sendgridKey={FakeProviders.SendGridKey}",
                $"webhookUrl={shared.StandIn.WebhookUrl}",
                $"webhookSecret={FakeProviders.HookSecret}"
            )
        );
    }

    private static Task<MessageRow> Row(App app) =>
        app.Installation.Query<MessageRow>(
            "SELECT m.status, m.body_sealed, m.attempts, d.next_attempt_at, m.answer, m.created_at FROM messages m "
                + "LEFT JOIN message_directory d ON d.id = m.id WHERE m.app_id = @id ORDER BY m.created_at, m.id LIMIT 1",
            new { id = app.Id }
        );

    private static Task MakeDue(App app) =>
        app.Installation.Execute("UPDATE message_directory SET next_attempt_at = 0 WHERE app_id = @id", new { id = app.Id });

    private static void NoCanary(App app, string answer, params string[] canaries)
    {
        foreach (var canary in canaries)
        {
            answer.ShouldNotContain(canary);
            app.Server.Log.ShouldNotContain(line => line.Contains(canary, StringComparison.Ordinal));
        }
    }

    private static string Digits(string text) => System.Text.RegularExpressions.Regex.Match(text, @"\b\d{6}\b").Value;
}
