using System.Net;
using System.Net.Sockets;
using Latchkey.Tests.Messages.Providers;

namespace Latchkey.Tests.Portal.Applications;

/// <summary>The buttons that try mail and SMS settings with a message that goes out now.</summary>
public sealed class SettingsTestMessageTests(ServerFixture servers)
{
    private const string Mail = "test-email";
    private const string Sms = "test-sms";
    private static readonly string[] OwnSendGrid =
    [
        "emailExtension=1",
        "mailProvider=sendgrid",
        "mailFrom=demo@example.org",
        $"sendgridKey={FakeProviders.SendGridKey}",
    ];
    private static readonly string[] OwnTwilio =
    [
        $"twilioAccountSid={FakeProviders.TwilioSid}",
        $"twilioAuthToken={FakeProviders.TwilioToken}",
        "twilioPhoneNumber=+14155550100",
    ];

    [Fact]
    public async Task Go_out_by_the_applications_own_providers_and_show_the_answer()
    {
        await using var standIn = await FakeProviders.Start();
        var (app, ada) = await Begin(standIn, [.. OwnSendGrid, .. OwnTwilio]);
        using (ada)
        {
            (await Try(app, ada, Mail, "Una@Example.com"))
                .Text("#test-email .notice")
                .ShouldContain("Sent to Una@Example.com. The provider responded: 202");
            standIn.Received.TryDequeue(out var mail).ShouldBeTrue();
            (mail!.To, mail.From, mail.Subject).ShouldBe(("una@example.com", "demo@example.org", "Test mail from Demo"));
            (await Try(app, ada, Sms, "+4915112345678")).Text("#test-sms .notice").ShouldContain("The provider responded: 201");
            standIn.Received.TryDequeue(out var sms).ShouldBeTrue();
            sms!.Text.ShouldContain("test message from Demo");
        }
    }

    [Fact]
    [Covers(703)]
    public async Task Fail_with_the_providers_words_and_without_its_secrets()
    {
        await using var standIn = await FakeProviders.Start();
        var (app, ada) = await Begin(standIn, [.. OwnSendGrid, .. OwnTwilio]);
        using (ada)
        {
            standIn.EnqueueResponse(400, "no such mailbox {echo}");
            var mail = await Try(app, ada, Mail, "una@example.com");
            mail.Text("#test-email .notice.bad").ShouldContain("Not sent (code 703): 400 no such mailbox");
            mail.Html.ShouldNotContain(FakeProviders.SendGridKey);
            standIn.EnqueueResponse(400, """{"code":21211,"message":"Invalid number"}""");
            (await Try(app, ada, Sms, "+4915112345678")).Text("#test-sms .notice.bad").ShouldContain("Invalid number");
            standIn.Received.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Show_of_a_webhooks_answer_the_status_alone()
    {
        await using var standIn = await FakeProviders.Start();
        var (app, ada) = await Begin(
            standIn,
            "emailExtension=1",
            "mailProvider=webhook",
            $"webhookUrl={standIn.WebhookUrl}",
            $"webhookSecret={FakeProviders.HookSecret}"
        );
        using (ada)
        {
            standIn.EnqueueResponse(404, "what a page inside says");
            var failed = await Try(app, ada, Mail, "una@example.com");
            failed.Text("#test-email .notice.bad").ShouldContain("Not sent (code 703): 404 Not Found");
            standIn.EnqueueResponse(200, "what a page inside says");
            var taken = await Try(app, ada, Mail, "una@example.com");
            taken.Text("#test-email .notice").ShouldContain("The provider responded: 200 OK");

            using var inside = new TcpListener(IPAddress.Loopback, 0);
            inside.Start();
            await app.Set($"webhookUrl=http://{inside.LocalEndpoint}/");
            var speaking = Speak(inside, "SSH-2.0-what a page inside says\r\n");
            var odd = await Try(app, ada, Mail, "una@example.com");
            odd.Text("#test-email .notice.bad").ShouldContain("does not speak HTTP");
            await speaking;

            new[] { failed, taken, odd }.ShouldAllBe(answer => !answer.Html.Contains("what a page inside says"));
            (await ada.Get($"/portal/applications/{app.Id}/logs/messages")).Html.ShouldNotContain("what a page inside says");
        }

        static async Task Speak(TcpListener listener, string words)
        {
            using var caller = await listener.AcceptTcpClientAsync();
            await caller.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(words));
            await caller.GetStream().CopyToAsync(Stream.Null); // until the caller hangs up
        }
    }

    [Theory]
    [InlineData("has no SMTP host", "mailProvider=smtp")]
    [InlineData("has no sender", "mailProvider=smtp", "smtpHost=127.0.0.1")]
    [InlineData("has no SendGrid API key", "mailProvider=sendgrid")]
    [InlineData("needs an http or https address", "mailProvider=webhook", "webhookUrl=ftp://127.0.0.1")]
    [InlineData("has no webhook secret", "mailProvider=webhook", "webhookUrl=https://mail.example.com/")]
    public async Task Say_what_a_half_set_extension_lacks(string says, params string[] settings)
    {
        var app = await servers.Main.CreateApp(["emailExtension=1", .. settings]);
        using var ada = await PortalVisitor.Member(app, "editor");
        (await ada.Get(Page(app))).Text("#mail .alert").ShouldContain(says);
        (await Try(app, ada, Mail, "una@example.com")).Text("#test-email .notice.bad").ShouldContain(says);
        (await app.Mails("una@example.com")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lie_in_the_mailbox_where_no_provider_is_set()
    {
        var app = await servers.Main.CreateApp();
        using var ada = await PortalVisitor.Member(app, "editor");
        var mail = await Try(app, ada, Mail, "una@example.com");
        mail.Text("#test-email .notice.warn").ShouldContain("Nothing was sent, because no provider is set up for mail.");
        var link = mail.Document.QuerySelector("#test-email .notice a")!.GetAttribute("href")!;
        (await ada.Get(link)).Text("h2").ShouldContain("Test mail from Demo");
        (await app.Mails("una@example.com")).ShouldHaveSingleItem().Subject.ShouldBe("Test mail from Demo");
        (await Try(app, ada, Sms, "+4915112345678")).Text("#test-sms .notice.warn").ShouldContain("is in the mailbox");
    }

    [Fact]
    public async Task Are_not_sent_again_by_reloading_the_page()
    {
        var app = await servers.Main.CreateApp();
        using var ada = await PortalVisitor.Member(app, "editor");
        var sent = await ada.Submit(Page(app), Mail, (Field(Mail), "una@example.com"));
        sent.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ada.Get(sent.Location)).Text("#test-email .notice").ShouldContain("is in the mailbox");
        (await ada.Get(sent.Location)).Text("#test-email .notice").ShouldBeEmpty();
        (await app.Mails("una@example.com")).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(Mail, "no address")]
    [InlineData(Mail, "")]
    [InlineData(Mail, "a@example.com\r\nBcc: b@example.com")]
    [InlineData(Sms, "12345")]
    [InlineData(Sms, "+49 151")]
    [InlineData(Sms, "0151 12345678")]
    [InlineData(Sms, "+4915112345678 ext. 9")]
    [InlineData(Sms, "+999 151 12345678")]
    [InlineData(Sms, "")]
    public async Task Refuse_a_recipient_that_is_none_beside_the_field(string form, string recipient)
    {
        var app = await servers.Main.CreateApp();
        using var ada = await PortalVisitor.Member(app, "editor");
        (await Try(app, ada, form, recipient)).Text($"#field-{Field(form)}-error").ShouldContain("This is not");
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE app_id = @id", new { id = app.Id })).ShouldBe(0);
    }

    [Fact]
    public async Task Say_when_a_number_cannot_exist()
    {
        var app = await servers.Main.CreateApp();
        using var ada = await PortalVisitor.Member(app, "editor");
        (await Try(app, ada, Sms, "+1 415 5552671 99")).Text($"#field-{Field(Sms)}-error").ShouldContain("cannot exist");
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE app_id = @id", new { id = app.Id })).ShouldBe(0);
    }

    [Theory]
    [InlineData("+49 (0)151 123-456 78")]
    [InlineData("+49/151/12345678")]
    [InlineData(" ＋４９ 151 12345678 ")]
    public async Task Go_to_a_number_as_people_type_it(string number)
    {
        var app = await servers.Main.CreateApp();
        using var ada = await PortalVisitor.Member(app, "editor");
        (await Try(app, ada, Sms, number)).Text("#test-sms .notice").ShouldContain("is in the mailbox");
        (await app.Mails("+4915112345678")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Are_bounded()
    {
        var app = await servers.Main.CreateApp();
        using var ada = await PortalVisitor.Member(app, "editor");
        var form = await ada.Open(Page(app), Sms);
        for (var i = 0; i < 30; i++)
        {
            await ada.Send(Page(app), form, (Field(Sms), $"+491511234{i:D4}"));
        }

        var refused = await ada.Get((await ada.Send(Page(app), form, (Field(Sms), "+4915112349999"))).Location);
        refused.Text("#test-sms .notice.bad").ShouldContain("too many messages were sent");
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE app_id = @id", new { id = app.Id })).ShouldBe(30);
    }

    private async Task<(App App, PortalVisitor Ada)> Begin(FakeProviders standIn, params string[] settings)
    {
        var server = await servers.StartOn(await servers.NewInstallation(), ["--limits", "off"], standIn.Environment);
        var app = await server.CreateApp(settings);
        return (app, await PortalVisitor.Member(app, "editor"));
    }

    private static Task<PortalResponse> Try(App app, PortalVisitor ada, string form, string recipient) =>
        ada.SubmitAndFollow(Page(app), form, (Field(form), recipient));

    private static string Field(string form) => form == Sms ? "testNumber" : "testAddress";

    private static string Page(App app) => $"/portal/applications/{app.Id}/settings/messages?show=sms";
}
