using Dapper;
using Latchkey.Data;
using Latchkey.Tests.Api.Sessions;

namespace Latchkey.Tests.Operations.Backup;

/// <summary>Drills in which the database falls behind the apps' refresh tokens, and nobody is signed out.</summary>
public sealed class SessionRestoreTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const int Sessions = 6;

    [Fact]
    public async Task After_a_restore_everybody_stays_signed_in()
    {
        var server = await servers.Start("--limits", "off");
        var (app, users) = await SignIn(server);
        var file = Path.Combine(app.Installation.DataFolder, "sessions.zip");
        (await app.Installation.Run("backup", file)).ShouldSucceed();
        var newer = await RefreshSomeTimes(users);
        (await server.Stop()).ShouldBe(0);

        var target = await servers.NewInstallation();
        foreach (var key in Directory.EnumerateFiles(Path.Combine(app.Installation.DataFolder, "keys"), "*.key"))
        {
            Directory.CreateDirectory(Path.Combine(target.DataFolder, "keys"));
            File.Copy(key, Path.Combine(target.DataFolder, "keys", Path.GetFileName(key)));
        }

        (await target.Run("restore", file)).ShouldSucceed();
        await AllGoOn(app with { Server = await servers.StartOn(target, ["--limits", "off"]) }, newer);
    }

    [Fact]
    public async Task After_a_fail_over_to_a_copy_that_lags_everybody_stays_signed_in()
    {
        var (app, users) = await SignIn(await servers.Unlimited());
        var database = await app.Installation.Get<Database>();
        var behind = (
            await database.Read(db =>
                db.QueryAsync<(string Id, long Generation, string Rotations)>(
                    "SELECT id, generation, rotations FROM session_grants WHERE app_id = @Id",
                    new { app.Id }
                )
            )
        ).ToList();
        var newer = await RefreshSomeTimes(users);
        foreach (var (grant, generation, rotations) in behind)
        {
            await app.Installation.Execute(
                "UPDATE session_grants SET generation = @generation, rotations = @rotations WHERE app_id = @Id AND id = @grant",
                new
                {
                    app.Id,
                    grant,
                    generation,
                    rotations,
                }
            );
        }

        await AllGoOn(app, newer);
    }

    private static async Task<(App App, IReadOnlyList<LoggedInUser> Users)> SignIn(ServerProcess server)
    {
        var app = await server.CreateApp("signupFlow=none", "sessionMode=refresh");
        await app.CreateUser(Ann);
        return (app, await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => app.Login(Ann))));
    }

    /// <summary>The first session stays as it is, the others go on by one token more each.</summary>
    private static async Task<IReadOnlyList<LoggedInUser>> RefreshSomeTimes(IReadOnlyList<LoggedInUser> users)
    {
        var newer = new List<LoggedInUser>();
        for (var i = 0; i < users.Count; i++)
        {
            var newest = users[i];
            for (var times = 0; times < i; times++)
            {
                newest = await newest.Refresh();
            }

            newer.Add(newest);
        }

        return newer;
    }

    /// <summary>Each token works as if nothing had happened, and copies of it are noticed as ever.</summary>
    private static async Task AllGoOn(App app, IReadOnlyList<LoggedInUser> users)
    {
        foreach (var user in users.Select(user => user with { App = app }))
        {
            (await user.TryGetUser()).ShouldBeOk();
            var next = await user.Refresh();
            (await user.Refresh()).RefreshToken.ShouldBe(next.RefreshToken);
            (await next.Refresh()).RefreshToken.ShouldNotBe(next.RefreshToken);
        }

        (await Count("FROM sessions WHERE app_id = @Id AND ended_at IS NOT NULL")).ShouldBe(0);
        (await Count("FROM audit WHERE app_id = @Id AND action = 'refresh' AND detail LIKE '%ahead of the database%'")).ShouldBe(
            Sessions - 1
        );
        await app.LetTimePass(TimeSpan.FromSeconds(61));
        (await (users[^1] with { App = app }).TryRefresh()).ShouldFailWith(712);

        Task<long> Count(string rows) => app.Installation.Query<long>($"SELECT COUNT(*) {rows}", new { app.Id });
    }
}
