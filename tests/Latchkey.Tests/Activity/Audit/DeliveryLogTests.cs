using System.Text.Json;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Tests.Activity.Audit;

/// <summary>The delivery log of mails and SMS.</summary>
public sealed class DeliveryLogTests(ServerFixture servers)
{
    [Fact]
    public async Task Each_filter_finds_its_messages_of_this_application()
    {
        var server = await servers.Unlimited();
        var (app, other, log) = (
            await server.CreateApp("twoFactorVerification=phone"),
            await server.CreateApp(),
            await server.Installation.Get<DeliveryLog>()
        );
        var ann = await app.CreateUserByCode("ann@example.com");
        await ann.VerifyPhone("+14155550101");
        await other.Signup("ann@example.com");
        await server.Installation.Execute(
            "UPDATE messages SET status = 'failed', answer = '=550 no such user' WHERE app_id = @Id AND kind = 'signUpSuccess'",
            new { app.Id }
        );

        async Task<string> Found(DeliveryFilter filter) =>
            string.Join(
                ' ',
                (await log.Page(app.Id, filter, LogCursor.Start, 100)).Messages.Select(message => $"{message.Kind}/{message.Status}")
            );
        (await Found(new())).ShouldBe("phoneChanged/mailbox sms/mailbox signUpSuccess/failed signUp/mailbox");
        (await Found(new() { Status = "failed" })).ShouldBe("signUpSuccess/failed");
        (await Found(new() { Status = "pending" })).ShouldBeEmpty();
        (await Found(new() { Channel = "sms" })).ShouldBe("sms/mailbox");
        (await Found(new() { Channel = "email", Status = "mailbox" })).ShouldBe("phoneChanged/mailbox signUp/mailbox");
        (await Found(new() { Kind = "signUp" })).ShouldBe("signUp/mailbox");
        (await Found(new() { Recipient = " Ann@Example.com " })).ShouldBe("phoneChanged/mailbox signUpSuccess/failed signUp/mailbox");
        (
            await Found(
                new()
                {
                    Recipient = "+14155550101",
                    Channel = "sms",
                    Status = "mailbox",
                }
            )
        ).ShouldBe("sms/mailbox");
        (await log.CountUnsent(app.Id)).ShouldBe((0, 1));
        DeliveryLog
            .ToCsv((await log.Page(app.Id, new() { Status = "failed" }, LogCursor.Start, 1)).Messages)
            .ShouldContain(",signUpSuccess,failed,0,'=550 no such user,");
    }

    [Fact]
    public async Task Naughty_strings_in_any_filter_find_nothing_and_break_nothing()
    {
        var server = await servers.Unlimited();
        var (app, log) = (await server.CreateApp(), await server.Installation.Get<DeliveryLog>());
        await app.Signup("ann@example.com");
        var strings = JsonSerializer.Deserialize<string[]>(
            await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.TestData, "vectors", "blns.json"))
        )!;
        foreach (var text in strings.Where(text => text.Trim().Length > 0))
        {
            foreach (var name in new[] { "status", "channel", "kind", "recipient", "from", "to" })
            {
                if (DeliveryFilter.Read(asked => asked == name ? text : "").Value is { } filter)
                {
                    (await log.Page(app.Id, filter, LogCursor.Read(text), 10)).Messages.ShouldBeEmpty($"{name}={text}");
                }
            }
        }
    }
}
