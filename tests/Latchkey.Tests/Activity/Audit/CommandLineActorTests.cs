using System.Text.RegularExpressions;

namespace Latchkey.Tests.Activity.Audit;

/// <summary>An application's log names who ran a command.</summary>
public sealed partial class CommandLineActorTests(ServerFixture servers)
{
    [Fact]
    public async Task The_log_its_page_and_its_file_name_the_system_user_and_the_terminal()
    {
        var app = await servers.Main.CreateApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        await Run(app, ["setsid", "-w"], $"app set {app.Id} userNamesEnabled=1");
        (await LastActor(app)).ShouldBe($"command line ({Environment.UserName}, no terminal)");

        // script(1) gives the command a terminal.
        await Run(app, ["script", "-qec"], $"app set {app.Id} userNamesEnabled=0");

        var actor = await LastActor(app);
        OnTerminal().Match(actor).Groups["user"].Value.ShouldBe(Environment.UserName, actor);
        var path = $"/portal/applications/{app.Id}/logs";
        (await viewer.Get($"{path}?action=changeSettings")).Text("#found").ShouldContain(actor);
        (await viewer.Get($"{path}/csv?action=changeSettings")).Html.ShouldContain(actor);
    }

    [Fact]
    public async Task A_forged_name_of_sudo_cannot_look_like_another_entry()
    {
        var app = await servers.Main.CreateApp();
        await Run(app, ["env", $"SUDO_USER=ann, pts/9)\n\u202e{new string('x', 1000)}"], $"app set {app.Id} userNamesEnabled=1");
        Forged().IsMatch(await LastActor(app)).ShouldBeTrue(await LastActor(app));
    }

    private static async Task Run(App app, string[] wrapper, string command)
    {
        var line =
            $"{RepositoryPaths.Program} {command} --data {app.Installation.DataFolder} --database {app.Installation.DatabaseConnection}";
        await ChildProcess.Run(
            wrapper[0],
            wrapper[0] == "script" ? [.. wrapper[1..], line, "/dev/null"] : [.. wrapper[1..], .. line.Split(' ')]
        );
    }

    private static Task<string> LastActor(App app) =>
        app.Installation.Query<string>(
            "SELECT actor FROM audit WHERE app_id = @Id AND action = 'changeSettings' ORDER BY at DESC, id DESC LIMIT 1",
            new { app.Id }
        );

    [GeneratedRegex(@"^command line \((?<user>[^, ]+)(, logged in as [^, ]+)?, pts/\d+\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OnTerminal();

    [GeneratedRegex(@"^command line \([^, ()]{1,64}(, logged in as [^, ()]{1,64})?, no terminal\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Forged();
}
