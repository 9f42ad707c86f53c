using Latchkey.Activity.Audit;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Tests.Jobs;

/// <summary>Nodes of two versions on one database: each does the jobs that it knows.</summary>
public sealed class JobQueueTests(ServerFixture servers)
{
    [Fact]
    public async Task What_only_a_newer_version_can_do_waits_for_it()
    {
        var app = await servers.Main.CreateApp();
        var newer = Ids.New(TimeProvider.System);
        await app.Installation.Execute(
            "INSERT INTO jobs (id, app_id, kind, actor, input, state, done, total, outcome, created_at, leased_until) VALUES "
                + "(@newer, @Id, 'ofTheNextVersion', 'x', '', 'open', 0, 0, '', 0, 0)",
            new { newer, app.Id }
        );
        var exports = await app.Installation.Get<AuditExports>();
        var export = (await exports.Start(app.Id, new LogFilter(), Actor.CommandLine)).Value!;
        await WaitUntil.IsTrue("what came later is done", () => exports.IsReady(app.Id, export));
        (await app.Installation.Query<string>("SELECT state FROM jobs WHERE id = @newer", new { newer })).ShouldBe(JobState.Open);

        var jobs = await app.Installation.Get<JobQueue>();
        (await jobs.Find(newer)).ShouldBeNull();
        (await jobs.ListOpen()).ShouldNotContain(job => job.Id == newer);
        await app.Installation.Execute("DELETE FROM jobs WHERE id = @newer", new { newer });
    }
}
