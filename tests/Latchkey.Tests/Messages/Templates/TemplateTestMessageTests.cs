using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;
using Latchkey.Tests.Messages.Providers;

namespace Latchkey.Tests.Messages.Templates;

/// <summary>A developer tries a message out and hears at once what the provider says.</summary>
public sealed class TemplateTestMessageTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task The_providers_yes_is_told_and_logged_and_the_body_is_dropped()
    {
        await using var standIn = await FakeProviders.Start();
        var app = await WithHook(standIn);
        (await Send(app)).Value.ShouldBeOfType<TestMessageResult.Accepted>().Answer.ShouldStartWith("200");
        standIn.Received.Single().To.ShouldBe(Ann);
        var row = await Row(app);
        (row.Status, row.Kind, row.Recipient, row.BodySealed).ShouldBe(("sent", "signUp", Ann, null));
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = 'sendTest' AND actor = @Ann AND client = '192.0.2.1'",
                new { app.Id, Ann }
            )
        ).ShouldBe(1);
    }

    [Theory]
    [InlineData(404, "404 Not Found")]
    [InlineData(503, "503 Service Unavailable")]
    public async Task A_webhooks_no_is_703_with_its_status_and_nothing_is_tried_again(int status, string says)
    {
        await using var standIn = await FakeProviders.Start();
        var app = await WithHook(standIn);
        standIn.EnqueueResponse(status, $"not today {FakeProviders.HookSecret}");
        var refused = (await Send(app)).Error!;
        (refused.Code, refused.Cause).ShouldBe((703, says));
        var row = await Row(app);
        (row.Status, row.Answer, row.BodySealed).ShouldBe(("failed", says, null));
    }

    [Fact]
    public async Task Without_a_provider_it_lies_in_the_mailbox()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var kept = (await Send(app)).Value.ShouldBeOfType<TestMessageResult.StoredInMailbox>();
        (await Row(app)).Id.ShouldBe(kept.MessageId);
        (await app.Mails(Ann)).Single().Subject.ShouldBe("Tried");
    }

    [Fact]
    public async Task Thirty_an_hour_go_to_oneself_and_one_a_minute_to_another()
    {
        var app = await servers.Main.CreateApp();
        for (var i = 0; i < 30; i++)
        {
            (await Send(app)).Succeeded.ShouldBeTrue();
        }

        (await Send(app)).Error!.Code.ShouldBe(700);
        (await Send(app, by: "bob@example.com")).Succeeded.ShouldBeTrue();
        var tooMany = (await Send(app, by: "bob@example.com")).Error!;
        tooMany.Code.ShouldBe(700);
        tooMany.RetryAfter!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        (await app.Mails(Ann)).Count.ShouldBe(31);
    }

    [Fact]
    public async Task A_test_counts_as_a_message_of_the_application()
    {
        var app = await servers.Main.CreateApp("messagesPerHour=2");
        (await Send(app)).Succeeded.ShouldBeTrue();
        (await app.Signup("una@example.com")).ShouldBeTrue();
        (await Send(app)).Error!.Code.ShouldBe(700);
    }

    private async Task<App> WithHook(FakeProviders standIn) =>
        await (await servers.Start("--limits", "off")).CreateApp(
            "emailExtension=1",
            "mailProvider=webhook",
            $"webhookUrl={standIn.WebhookUrl}",
            $"webhookSecret={FakeProviders.HookSecret}"
        );

    private static async Task<Result<TestMessageResult>> Send(App app, string by = Ann)
    {
        var application = (await (await app.Installation.Get<ApplicationCache>()).Find(app.Id))!;
        return await (await app.Installation.Get<TestMessageSender>()).Send(
            application,
            by,
            Ann,
            MessageKind.SignUp,
            new MessageBody("Tried", "text", "<p>text</p>", "123456", null),
            "192.0.2.1"
        );
    }

    private static Task<MessageRow> Row(App app) =>
        app.Installation.Query<MessageRow>(
            "SELECT id, kind, recipient, status, body_sealed, answer FROM messages WHERE app_id = @Id",
            new { app.Id }
        );
}
