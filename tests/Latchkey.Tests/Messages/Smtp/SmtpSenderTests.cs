using System.Text;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Mail;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;

namespace Latchkey.Tests.Messages.Smtp;

/// <summary>One conversation with a mail server: judged by command, patient by step, never unauthenticated when a user is set.</summary>
public sealed class SmtpSenderTests
{
    private readonly ManualClock clock = new(DateTimeOffset.UnixEpoch.AddYears(57));

    [Fact]
    public async Task A_quota_after_the_mail_is_tried_again_and_a_spam_refusal_is_not()
    {
        await using var quota = new ScriptedSmtpServer((ScriptedSmtpServer.Dot, "550 5.4.5 daily limit exceeded"));
        (await Send(quota)).ShouldBe(new(DeliveryResult.RetryLater, "550 5.4.5 daily limit exceeded"));
        await using var spam = new ScriptedSmtpServer((ScriptedSmtpServer.Dot, "550 5.7.1 this is spam"));
        (await Send(spam)).ShouldBe(new(DeliveryResult.PermanentFailure, "550 5.7.1 this is spam"));
    }

    [Theory]
    [InlineData("", "421 4.3.2 too busy", DeliveryResult.RetryLater)]
    [InlineData("MAIL", "550 5.1.0 sender rejected", DeliveryResult.RetryLater)]
    [InlineData("RCPT", "550 5.1.1 no such user", DeliveryResult.PermanentFailure)]
    [InlineData("RCPT", "554 5.7.1 relay access denied", DeliveryResult.RetryLater)]
    [InlineData("DATA", "503 5.5.1 bad sequence", DeliveryResult.RetryLater)]
    [InlineData("DATA", "554 5.7.1 rejected", DeliveryResult.PermanentFailure)]
    public async Task The_reply_is_judged_by_its_command_and_given_as_it_is(string command, string reply, DeliveryResult result)
    {
        await using var smtp = new ScriptedSmtpServer((command, reply));
        (await Send(smtp)).ShouldBe(new(result, reply));
        smtp.Mails.ShouldBe(0);
    }

    [Fact]
    public async Task A_refused_name_is_tried_again()
    {
        const string Refusal = "504 5.5.2 need fully-qualified hostname";
        await using var smtp = new ScriptedSmtpServer(("EHLO", Refusal), ("HELO", Refusal));
        (await Send(smtp)).ShouldBe(new(DeliveryResult.RetryLater, Refusal));
    }

    [Fact]
    public async Task What_is_no_mail_server_is_said_to_be_none()
    {
        await using var web = new ScriptedSmtpServer((ScriptedSmtpServer.Greeting, "HTTP/1.1 400 Bad Request"));
        var delivery = await Send(web);
        delivery.Result.ShouldBe(DeliveryResult.RetryLater);
        delivery.Answer.ShouldContain("does not answer as a mail server");
    }

    [Fact]
    public async Task After_the_final_dot_a_server_has_ten_minutes()
    {
        var hold = new TaskCompletionSource();
        await using var slow = new ScriptedSmtpServer { HeldUntil = hold.Task };
        var sending = Send(slow);
        await WaitUntil.IsTrue(
            "the mail is there",
            () => Task.FromResult(slow.Mails == 1 && clock.HasTimerDueIn(TimeSpan.FromMinutes(10)))
        );
        clock.Advance(TimeSpan.FromSeconds(599));
        sending.IsCompleted.ShouldBeFalse();
        hold.SetResult();
        (await sending).ShouldBe(new(DeliveryResult.Accepted, "250 2.0.0 queued as DEMO1"));
        slow.Mails.ShouldBe(1);
    }

    [Fact]
    public async Task And_no_more()
    {
        var hold = new TaskCompletionSource();
        await using var dead = new ScriptedSmtpServer { HeldUntil = hold.Task };
        var sending = Send(dead);
        await WaitUntil.IsTrue(
            "the mail is there",
            () => Task.FromResult(dead.Mails == 1 && clock.HasTimerDueIn(TimeSpan.FromMinutes(10)))
        );
        clock.Advance(TimeSpan.FromMinutes(10));
        (await sending).ShouldBe(new(DeliveryResult.RetryLater, "127.0.0.1 did not answer within 10 minutes"));
        hold.SetResult();
    }

    [Fact]
    public async Task A_server_that_does_not_greet_has_five_minutes()
    {
        await using var silent = new FaultySmtpServer(SmtpBehaviour.Silent);
        var sending = Send(new SmtpServer("127.0.0.1", silent.Port, SmtpSecurity.None, "demo@example.com"));
        await WaitUntil.IsTrue("it waits", () => Task.FromResult(silent.Connections == 1 && clock.HasTimerDueIn(TimeSpan.FromMinutes(5))));
        clock.Advance(TimeSpan.FromSeconds(299));
        sending.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await sending).ShouldBe(new(DeliveryResult.RetryLater, "127.0.0.1 did not answer within 5 minutes"));
    }

    [Theory]
    [InlineData("250 OK", "offers none")]
    [InlineData("250-mail.example\r\n250 AUTH CRAM-MD5 NTLM", "offers CRAM-MD5, NTLM")]
    public async Task With_a_user_and_no_common_mechanism_nothing_is_sent(string ehlo, string words)
    {
        await using var smtp = new ScriptedSmtpServer(("EHLO", ehlo));
        var delivery = await Send(Server(smtp) with { User = "demo", Password = "secret" });
        delivery.Result.ShouldBe(DeliveryResult.RetryLater);
        delivery.Answer.ShouldContain(words);
        delivery.Answer.ShouldContain("PLAIN, LOGIN");
        smtp.Commands.ShouldNotContain(command => command.StartsWith("MAIL", StringComparison.Ordinal));
        smtp.Commands.ShouldNotContain(command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_is_read_anew_for_each_mail_and_given_by_XOAUTH2()
    {
        await using var smtp = new ScriptedSmtpServer(
            ("EHLO", "250-mail.example\r\n250 AUTH PLAIN XOAUTH2"),
            ("AUTH", "235 2.7.0 welcome")
        );
        var file = Path.GetTempFileName();
        foreach (var token in new[] { "first-token", "second-token" })
        {
            await File.WriteAllTextAsync(file, $"{token}\n", TestContext.Current.CancellationToken);
            (await Send(Server(smtp) with { User = "demo@example.com", TokenFile = file })).Result.ShouldBe(DeliveryResult.Accepted);
            var said = smtp.Commands.Last(command => command.StartsWith("AUTH XOAUTH2 ", StringComparison.Ordinal)).Split(' ')[2];
            Encoding.UTF8.GetString(Convert.FromBase64String(said)).ShouldBe($"user=demo@example.com\u0001auth=Bearer {token}\u0001\u0001");
        }

        File.Delete(file);
        (await Send(Server(smtp) with { User = "demo@example.com", TokenFile = file })).Answer.ShouldContain("cannot be read");
    }

    [Fact]
    public async Task A_token_is_not_given_as_a_password()
    {
        await using var smtp = new ScriptedSmtpServer(("EHLO", "250-mail.example\r\n250 AUTH PLAIN LOGIN"));
        (await Send(Server(smtp) with { User = "demo", Token = "token" })).Answer.ShouldContain(
            "offers LOGIN, PLAIN, and Latchkey has XOAUTH2"
        );
        smtp.Commands.ShouldNotContain(command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_login_is_shown_in_the_servers_words()
    {
        await using var smtp = new ScriptedSmtpServer(("EHLO", "250-mail.example\r\n250 AUTH PLAIN"), ("AUTH", "535 5.7.8 wrong password"));
        (await Send(Server(smtp) with { User = "demo", Password = "no" })).ShouldBe(
            new(DeliveryResult.RetryLater, "535 5.7.8 wrong password")
        );
    }

    [Fact]
    public async Task What_is_said_before_encryption_begins_is_not_believed()
    {
        await using var smtp = new ScriptedSmtpServer(("EHLO", "250-mail.example\r\n250 STARTTLS"), ("STARTTLS", "220 go\r\n250 injected"));
        (await Send(Server(smtp) with { Security = SmtpSecurity.StartTls })).Result.ShouldBe(DeliveryResult.RetryLater);
        smtp.Commands.ShouldNotContain(command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    private Task<Delivery> Send(ScriptedSmtpServer smtp) => Send(Server(smtp));

    private Task<Delivery> Send(SmtpServer server) =>
        new SmtpSender(new OutboundConnections(new InstallationSettings()), new HeloName(new InstallationSettings()), clock).Send(
            server,
            new("1", "email", "test", "app", "Demo", "ann@example.com", new MessageBody("Subject", "text", "<p>html</p>", null, null)),
            TestContext.Current.CancellationToken
        );

    private static SmtpServer Server(ScriptedSmtpServer smtp) => new("127.0.0.1", smtp.Port, SmtpSecurity.None, "demo@example.com");
}
