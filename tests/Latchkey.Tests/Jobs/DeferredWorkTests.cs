using Latchkey.Api;
using Latchkey.Api.PasswordReset;
using Latchkey.Core;
using Latchkey.Jobs;

namespace Latchkey.Tests.Jobs;

/// <summary>Work that requests left in a database that is served again later.</summary>
public sealed class DeferredWorkTests(ServerFixture servers)
{
    [Fact]
    public async Task What_is_more_than_a_day_old_is_dropped_and_the_rest_is_done_once()
    {
        var server = await servers.Start("--limits", "off");
        var app = await server.CreateApp("hideAccountExistence=1");
        foreach (var name in new[] { "old", "young" })
        {
            (await app.Installation.RunWithInput(App.Password, "user", "add", app.Id, Address(name), "--password-stdin")).ShouldSucceed();
        }

        (await server.Stop()).ShouldBe(0);
        var queue = await app.Installation.Get<DeferredWork>();
        foreach (var (name, hours) in new[] { ("old", 25), ("young", 23) })
        {
            var work = new DeferredReset(app.Id, Address(name), new ClientAddress("127.0.0.1", "127.0.0.1"));
            await queue.Add("forgotPassword", work, DeferredJson.Default.DeferredReset);
            (
                await app.Installation.Execute(
                    "UPDATE deferred_work SET created_at = @at, due_at = @at WHERE created_at > @day",
                    new { at = AppFlows.FromNow(-hours * 3600), day = AppFlows.FromNow(-3600) }
                )
            ).ShouldBe(1);
        }

        await servers.StartOn(app.Installation);
        await WaitUntil.IsTrue(
            "the queue is empty",
            async () => await app.Installation.Query<long>("SELECT COUNT(*) FROM deferred_work") == 0
        );
        (await app.AllMails()).Where(mail => mail.Kind == "resetPassword").Select(mail => mail.To).ShouldBe([Address("young")]);
    }

    private static string Address(string name) => $"{name}@example.com";
}
