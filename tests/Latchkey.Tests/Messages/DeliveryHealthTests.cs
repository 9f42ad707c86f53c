using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;

namespace Latchkey.Tests.Messages;

/// <summary>What the operator sees of sending is about the installation's providers, not about those that developers brought.</summary>
public sealed class DeliveryHealthTests(ServerFixture servers)
{
    /// <summary>Later than whatever other tests make wait.</summary>
    private const long Last = 9_000_000_000_000_000;

    [Theory]
    [InlineData(MessageChannel.Email, "emailExtension=1", "mailProvider=webhook", "webhookUrl=http://127.0.0.1:1/", "webhookSecret=s")]
    [InlineData(MessageChannel.Sms, "twilioAccountSid=AC1", "twilioAuthToken=t", "twilioPhoneNumber=+14155550100")]
    public async Task A_developers_dead_provider_is_not_the_installations(string channel, params string[] own)
    {
        var server = await servers.Unlimited();
        var (theirs, ours) = (await server.CreateApp(own), await server.CreateApp());
        var health = await server.Installation.Get<DeliveryHealth>();
        await Add(theirs, "pending", 1, Last);
        await Add(theirs, "failed", AppFlows.FromNow(0), 0);
        await Add(ours, "pending", 2, Last - 1);
        await Add(ours, "failed", AppFlows.FromNow(0), 0);

        var (backlog, failed) = await health.ForChannel(channel);
        (backlog.Oldest, backlog.Answer).ShouldBe((2, $"answer for {ours.Id}"));
        failed.ShouldContain(message => message.AppId == ours.Id);
        failed.ShouldNotContain(message => message.AppId == theirs.Id);

        await server.Installation.Execute(
            "DELETE FROM messages WHERE app_id = @ours OR app_id = @theirs; "
                + "DELETE FROM message_directory WHERE app_id = @ours OR app_id = @theirs",
            new { ours = ours.Id, theirs = theirs.Id }
        );

        Task<int> Add(App app, string status, long createdAt, long nextAttemptAt) =>
            app.Installation.Execute(
                "INSERT INTO messages (app_id, id, channel, recipient, kind, status, attempts, answer, created_at) "
                    + "VALUES (@appId, @id, @channel, 'ann', 'signUp', @status, 1, @answer, @createdAt); "
                    + "INSERT INTO message_directory (id, app_id, next_attempt_at) SELECT @id, @appId, @nextAttemptAt "
                    + "WHERE @status = 'pending'",
                new
                {
                    id = Latchkey.Data.Ids.New(TimeProvider.System),
                    appId = app.Id,
                    channel,
                    status,
                    nextAttemptAt,
                    answer = $"answer for {app.Id}",
                    createdAt,
                }
            );
    }
}
