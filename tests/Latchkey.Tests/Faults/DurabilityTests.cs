using System.Text.RegularExpressions;

namespace Latchkey.Tests.Faults;

/// <summary>Row 47: what was answered is on the disk.</summary>
[Collection(SerialCollection.Name)]
public sealed partial class DurabilityTests(ServerFixture servers)
{
    private static readonly int Signups = TestScale.Size(10, 100);

    [Fact]
    public async Task On_SQLite_the_write_ahead_log_is_synced_before_the_answer_is_sent()
    {
        Assert.SkipWhen(Engine.IsPostgres, "about SQLite");
        var installation = await servers.NewInstallation();
        var trace = Path.Combine(installation.DataFolder, "trace");
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        string[] arguments =
        [
            "-f",
            "-y",
            "-s",
            "120",
            "-e",
            "trace=fdatasync,fsync,pwrite64,recvmsg,recvfrom,sendmsg,sendto",
            "-o",
            trace,
            RepositoryPaths.Program,
            "serve",
            "--data",
            installation.DataFolder,
            "--database",
            installation.DatabaseConnection,
            "--listen",
            $"{address}",
            "--limits",
            "off",
        ];
        await using var process = ChildProcess.Start("strace", arguments);
        var server = ServerProcess.Attach(installation, address, process);
        try
        {
            await server.WaitUntilReady();
            var app = await server.CreateApp("signupFlow=none");
            for (var i = 0; i < Signups; i++)
            {
                await app.CreateUser($"user{i}@example.com");
            }
        }
        finally
        {
            process.SignalAll(ChildProcess.Terminate); // a strace that is killed leaves the server behind
        }

        await process.WaitForExit();
        var requests = Requests(await File.ReadAllLinesAsync(trace)).ToList();
        requests.Count.ShouldBe(Signups);
        requests.ShouldAllBe(calls => IsSynced(calls));
        TestScale.RecordFigure(
            47,
            $"{requests.Count} signups under strace: the log is written and synced before each answer, and nothing is written in between"
        );
    }

    [Fact]
    public async Task On_PostgreSQL_a_commit_waits_for_its_log()
    {
        Assert.SkipUnless(Engine.IsPostgres, "about PostgreSQL");
        var installation = servers.Main.Installation;
        (await installation.Query<string>("SHOW synchronous_commit")).ShouldBe("on");
        (await installation.Query<string>("SHOW fsync")).ShouldBe("on");
        await using var unsafely = TestInstallation.Attach($"{installation.DatabaseConnection}?Options=-c synchronous_commit=off");
        (await unsafely.Run("doctor")).Output.ShouldContain("synchronous_commit is off");
        TestScale.RecordFigure(47, "synchronous_commit and fsync are on; doctor says so when they are not");
    }

    /// <summary>What the server did from reading each signup to answering it.</summary>
    private static IEnumerable<List<string>> Requests(string[] lines)
    {
        List<string>? calls = null;
        foreach (var line in InOrderOfTheirEnd(lines))
        {
            if (line.StartsWith("recv", StringComparison.Ordinal) && line.Contains("POST /api/appuser/signup"))
            {
                calls = [];
            }
            else if (calls is not null && line.StartsWith("send", StringComparison.Ordinal) && line.Contains("HTTP/1.1 200 OK"))
            {
                yield return calls;
                calls = null;
            }

            calls?.Add(line);
        }
    }

    /// <summary>The system calls, those of several threads put together where strace had to split them.</summary>
    private static IEnumerable<string> InOrderOfTheirEnd(string[] lines)
    {
        var begun = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Select(line => Thread().Match(line)).Where(match => match.Success))
        {
            var (thread, call) = (line.Groups["thread"].Value, line.Groups["call"].Value);
            if (call.IndexOf("<unfinished ...>", StringComparison.Ordinal) is var at and > 0)
            {
                begun[thread] = call[..at];
            }
            else if (Resumed().Match(call) is { Success: true } rest)
            {
                yield return begun[thread] + rest.Groups["rest"].Value;
            }
            else
            {
                yield return call;
            }
        }
    }

    private static bool IsSynced(List<string> calls)
    {
        var written = calls.FindLastIndex(call =>
            call.StartsWith("pwrite64", StringComparison.Ordinal) && call.Contains("latchkey.db-wal>")
        );
        return written >= 0
            && calls.FindIndex(
                written,
                call =>
                    call.StartsWith("f", StringComparison.Ordinal)
                    && call.Contains("latchkey.db-wal>")
                    && call.EndsWith("= 0", StringComparison.Ordinal)
            ) > written;
    }

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<call>.*?)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Thread();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>\s?(?<rest>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Resumed();
}
