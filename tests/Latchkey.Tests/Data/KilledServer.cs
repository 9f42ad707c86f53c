using System.Collections.Concurrent;
using Latchkey.Messages;

namespace Latchkey.Tests.Data;

/// <summary>kill -9 in the middle of a thousand signups.</summary>
[Collection(UnderFire.Name)]
public sealed class KilledServer(Servers servers)
{
    [Fact]
    public async Task Every_answered_signup_and_its_mail_are_there_after_the_restart()
    {
        var installation = await servers.NewInstallation();
        var server = await servers.StartOn(installation, ["--limits", "off"]);
        var app = await server.CreateApp();
        var answered = new ConcurrentBag<string>();
        var load = Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            try
            {
                if (await app.Signup($"user{i}@example.com") is { Code: null } reply)
                {
                    reply.ShouldBeTrue();
                    answered.Add($"user{i}@example.com");
                }
            }
            catch (HttpRequestException)
            {
                // the server was killed before it answered
            }
        });
        await Until.IsTrue("a good part is answered", () => Task.FromResult(answered.Count > 200));
        await server.Kill();
        await load;
        answered.Count.ShouldBeInRange(200, 990);

        app = app with { Server = await servers.StartOn(installation, ["--limits", "off"]) };
        var mailbox = await installation.Get<Mailbox>();
        foreach (var handle in answered)
        {
            var mail = (await mailbox.List(app.Id, handle, 1)).Single();
            (await app.Complete(handle, mail.Body.Code!)).ShouldBeOk();
        }

        await NothingIsHalfMade(app, answered.Count);
        if (!Engine.IsPostgres)
        {
            (await installation.Query<string>("PRAGMA integrity_check")).ShouldBe("ok");
        }
    }

    private static async Task NothingIsHalfMade(App app, int answered)
    {
        var signups = await app.Installation.Query<long>("SELECT COUNT(*) FROM signups WHERE app_id = @Id", new { app.Id });
        signups.ShouldBeGreaterThanOrEqualTo(answered);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE app_id = @Id AND kind = 'signUp'", new { app.Id })).ShouldBe(signups);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = 'signup'", new { app.Id })).ShouldBe(signups);
    }
}
