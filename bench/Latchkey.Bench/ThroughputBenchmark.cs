using System.Text;

namespace Latchkey.Bench;

/// <summary>bench/limits: what Latchkey does in a second against what the bare limit does, in turn, in one run.</summary>
public static class ThroughputBenchmark
{
    private const int Rounds = 3;
    private const int Seconds = 5;
    private const int Connections = 16;
    private static readonly StringBuilder Table = new();
    private static string wanted = "";

    /// <param name="engines">sqlite, postgres, or both.</param>
    /// <param name="only">A part of the name of the loads to measure, or "more" for what is measured otherwise; null for
    /// everything.</param>
    public static async Task<string> Measure(IEnumerable<string> engines, string? only)
    {
        wanted = only ?? "";
        Table
            .AppendLine("| What | Engine | bare /s | Latchkey /s | ratio | bar | | p50 / p99, ms (bare) | p50 / p99, ms (Latchkey) |")
            .AppendLine("| --- | --- | ---: | ---: | ---: | ---: | --- | ---: | ---: |");
        var other = new StringBuilder("| What | bare | Latchkey | bar | |\n| --- | ---: | ---: | ---: | --- |\n");
        await using var peer = await IdentityPeer.Start();
        foreach (var engine in engines)
        {
            await using var rig = await LoadTestRig.Start(engine);
            if (engine == "sqlite")
            {
                await using var same = await MeasuredProcess.Bare(rig.ApplicationAnswer);
                await Compare(
                    "getApplication",
                    engine,
                    0.70,
                    rig,
                    () => Wrk.Run($"{same.Address}/same", "", Connections, Seconds),
                    () => Wrk.Run($"{rig.Api}/getApplication", rig.Get("app-token", rig.AppToken), Connections, Seconds)
                );
            }

            await Compare(
                "getUser",
                engine,
                0.60,
                rig,
                () => Wrk.Run(rig.BareSelect, "", Connections, Seconds),
                () => Wrk.Run($"{rig.Api}/getUser", rig.Get("access-token", rig.AccessToken), Connections, Seconds)
            );
            await Compare(
                "loginAnonymous, new user",
                engine,
                0.70,
                rig,
                () => Wrk.Run($"{rig.Bare.Address}/insert", "wrk.method = \"POST\"", Connections, Seconds),
                () => Wrk.Run($"{rig.Api}/loginAnonymous", rig.Anonymous(), Connections, Seconds)
            );
            await Compare(
                "refresh",
                engine,
                0.60,
                rig,
                () => Wrk.Run($"{rig.Bare.Address}/update", "wrk.method = \"POST\"", Connections, Seconds),
                async () => await Wrk.Run($"{rig.Api}/refresh", await rig.Refresh(Connections), Connections, Seconds)
            );
            await Compare(
                "passkeyLogin",
                engine,
                0.50,
                rig,
                () => Wrk.Run(rig.BarePasskey, "wrk.method = \"POST\"", Connections, Seconds),
                async () => await Wrk.Run($"{rig.Api}/passkeyLogin", await rig.PasskeyLogins(), Connections, Seconds)
            );
            await Compare(
                "createAsset",
                engine,
                0.60,
                rig,
                () => Wrk.Run($"{rig.Bare.Address}/insert-link", "wrk.method = \"POST\"", Connections, Seconds),
                () => Wrk.Run($"{rig.Api}/createAsset", rig.NewAsset(), Connections, Seconds)
            );
            await CompareProvider(rig, engine);
            await Compare(
                "getUser, against ASP.NET Core Identity on PostgreSQL",
                engine,
                engine == "postgres" ? 3 : 8,
                rig,
                () => Wrk.Run($"{peer.Address}/manage/info", peer.SignedIn, Connections, Seconds),
                () => Wrk.Run($"{rig.Api}/getUser", rig.Get("access-token", rig.AccessToken), Connections, Seconds)
            );
            await Compare(
                "login, against ASP.NET Core Identity on PostgreSQL",
                engine,
                3,
                rig,
                () => Wrk.Run($"{peer.Address}/login", peer.Login, Connections, Seconds),
                () => Wrk.Run($"{rig.Api}/login", rig.Login(), Connections, Seconds)
            );
            await Compare("login", engine, 0.75, rig, Hashes, () => Wrk.Run($"{rig.Api}/login", rig.Login(), Connections, Seconds));
            await Compare(
                "signup, flow none",
                engine,
                0.75,
                rig,
                Hashes,
                () => Wrk.Run($"{rig.Api}/signup", rig.Signup(), Connections, Seconds)
            );
            if (only is null or "more" or "storm")
            {
                foreach (var connections in new[] { 16, 64, 200 })
                {
                    await UnderStorm(rig, engine, connections, other);
                }
            }

            if (only is null or "more")
            {
                await WhileCreating(rig, engine, other);
                await (engine == "postgres" ? OnMoreNodes(rig, other) : Task.CompletedTask);
            }
        }

        if (only is null)
        {
            await StartUp(other);
            await Memory(other);
        }

        return $"{Table}\n{other}";
    }

    /// <summary>The OpenID provider. A code flow is two requests, here and on the bare server.</summary>
    private static async Task CompareProvider(LoadTestRig rig, string engine)
    {
        const string refreshed = "provider: refresh";
        if (wanted.Length > 0 && !wanted.StartsWith("provider", StringComparison.Ordinal))
        {
            return;
        }

        var load = await ProviderLoad.Create(rig);
        var (ten, many) = (await load.ClientCredentials(10), await load.ClientCredentials(10_000));
        Task<LoadResult> Bare(string address) => Wrk.Run(address, "wrk.method = \"POST\"", Connections, Seconds);
        Task<LoadResult> Token(string request) => Wrk.Run(load.Token, request, Connections, Seconds);
        await Compare("provider: client credentials", engine, 0.60, rig, () => Bare(rig.BareSign), () => Token(ten));
        await Compare("provider: 10,000 clients, against ten", engine, 0.95, rig, () => Token(ten), () => Token(many));
        await Compare(
            "provider: code flow, requests",
            engine,
            0.50,
            rig,
            () => Wrk.Run(rig.Bare.Address, load.BareFlows(), Connections, Seconds),
            () => Wrk.Run(rig.Latchkey.Address, load.Flows(), Connections, Seconds)
        );
        await Compare(
            "provider: code exchange alone",
            engine,
            0.50,
            rig,
            () => Bare(rig.BareCode),
            async () => await Token(await load.Exchanges())
        );
        await Compare(
            refreshed,
            engine,
            0.60,
            rig,
            () => Bare($"{rig.Bare.Address}/update"),
            async () => await Token(await load.Refresh("offline_access", Connections))
        );
        await Compare(
            $"{refreshed} with an ID token, against two signatures",
            engine,
            0.60,
            rig,
            () => Bare($"{rig.Bare.Address}/update-twice-signed"),
            async () => await Token(await load.Refresh("openid offline_access", Connections))
        );
    }

    private static async Task<LoadResult> Hashes() => new(await HashLoop.Run(TimeSpan.FromSeconds(Seconds)), 0, 0, 0);

    private static async Task Compare(
        string what,
        string engine,
        double bar,
        LoadTestRig rig,
        Func<Task<LoadResult>> bare,
        Func<Task<LoadResult>> ours
    )
    {
        if (!what.Contains(wanted, StringComparison.Ordinal))
        {
            return;
        }

        var (limits, loads) = (new List<LoadResult>(), new List<LoadResult>());
        for (var round = 0; round < Rounds; round++)
        {
            await bare(); // until both run compiled code
            await ours();
        }

        await rig.Analyze(); // as autovacuum does within a minute: a statement prepared for an empty table keeps its plan till then
        for (var round = 0; round < Rounds; round++)
        {
            limits.Add(await bare());
            loads.Add(await ours());
        }

        var (limit, load) = (Median(limits), Median(loads));
        if (limits.Concat(loads).Any(one => one.Refused > 0))
        {
            throw new InvalidOperationException($"{what}: {limits.Concat(loads).Sum(one => one.Refused)} requests were refused");
        }

        var ratio = load.PerSecond / limit.PerSecond;
        Table.AppendLine(
            $"| {what} | {engine} | {limit.PerSecond:N0} | {load.PerSecond:N0} | {ratio:F2} | {bar:F2} | {Verdict(ratio >= bar)} | {(limit.P50 == 0 ? "" : $"{limit.P50:F1} / {limit.P99:F1}")} | {load.P50:F1} / {load.P99:F1} |"
        );
        ShowLast(Table);
    }

    /// <summary>
    /// Logins at once, beside somebody else's load of 16 connections on the same cores (and the same PostgreSQL): how many are refused,
    /// how long they wait, and how long something cheap does meanwhile.
    /// </summary>
    private static async Task UnderStorm(LoadTestRig rig, string engine, int connections, StringBuilder table)
    {
        await Wrk.Run($"{rig.Api}/login", rig.Login(), 1, 3); // until nobody who went away is left in the queue
        var busy = Wrk.Run(rig.BareSelect, "", Connections, (Seconds * 2) + 1);
        var storm = Wrk.Run($"{rig.Api}/login", rig.Login(), connections, Seconds * 2);
        var cheap = await Wrk.Run($"{rig.Api}/getApplication", rig.Get("app-token", rig.AppToken), 1, Seconds);
        var (logins, _) = (await storm, await busy);
        var mean = 1000 * connections / logins.PerSecond;
        Add(
            table,
            $"login with {connections} at once beside a busy machine, {engine}: refused",
            $"{logins.PerSecond:F0} a second",
            $"{logins.Refused}",
            "0",
            logins.Refused == 0
        );
        Add(table, $"their p99, ms (bar: 5 × mean)", $"mean {mean:F0}", $"{logins.P99:F0}", $"{5 * mean:F0}", logins.P99 < 5 * mean);
        Add(table, $"getApplication meanwhile, {engine}: p99, ms", "", $"{cheap.P99:F1}", "50", cheap.P99 < 50);
    }

    /// <summary>
    /// Applications with RSA keys, made in the portal one after the other, and what somebody else's requests notice of it.
    /// </summary>
    private static async Task WhileCreating(LoadTestRig rig, string engine, StringBuilder table)
    {
        Task<LoadResult> Cheap() => Wrk.Run($"{rig.Api}/getApplication", rig.Get("app-token", rig.AppToken), 4, Seconds);
        var before = await Cheap();
        using var end = new CancellationTokenSource();
        var creating = rig.CreateApplications(end.Token);
        var meanwhile = await Cheap();
        await end.CancelAsync();
        var made = await creating;
        Add(
            table,
            $"getApplication while {(double)made / Seconds:F0} applications a second are made, {engine}: p99, ms",
            $"before: {before.P99:F1}",
            $"{meanwhile.P99:F1}",
            $"{before.P99 + 20:F1}",
            meanwhile.P99 <= before.P99 + 20
        );
    }

    /// <summary>
    /// The same load on one node, two and three of one database, all on the same cores: what a request costs the nodes, and what the
    /// database.
    /// </summary>
    private static async Task OnMoreNodes(LoadTestRig rig, StringBuilder table)
    {
        await rig.LogInAgain(); // the logins before have ended the user's first session: a user has a hundred
        var nodes = new List<MeasuredProcess> { rig.Latchkey };
        try
        {
            for (var count = 1; count <= 3; count++)
            {
                if (count > 1)
                {
                    nodes.Add(await MeasuredProcess.Latchkey(rig.Installation.DataFolder, rig.Installation.Database, "--limits", "off"));
                }

                Task<LoadResult[]> Everywhere() =>
                    Task.WhenAll(
                        nodes.Select(node =>
                            Wrk.Run(
                                $"{node.Address}/api/appuser/getUser",
                                rig.Get("access-token", rig.AccessToken),
                                Connections / nodes.Count,
                                Seconds
                            )
                        )
                    );
                await Everywhere();
                var (ofNodes, ofDatabase) = (nodes.Sum(node => node.Processor.TotalSeconds), LoadTestRig.SecondsOfDatabase());
                var loads = await Everywhere();
                var all = loads.Sum(load => load.PerSecond);
                ofNodes = nodes.Sum(node => node.Processor.TotalSeconds) - ofNodes;
                ofDatabase = LoadTestRig.SecondsOfDatabase() - ofDatabase;
                double Each(double seconds) => seconds * 1_000_000 / (all * Seconds);
                table.AppendLine(
                    $"| getUser on {nodes.Count} nodes of one PostgreSQL, the same cores: requests a second; processor time of "
                        + $"each, µs | | {all:N0}; node {Each(ofNodes):F0}, database {Each(ofDatabase):F0} | | one core of the database "
                        + $"carries {1_000_000 / Each(ofDatabase):N0} a second |"
                );
                ShowLast(table);
            }
        }
        finally
        {
            foreach (var node in nodes.Skip(1))
            {
                await node.DisposeAsync();
            }
        }
    }

    private static async Task StartUp(StringBuilder table)
    {
        var (bare, ours, again) = (new List<double>(), new List<double>(), new List<double>());
        var answer = Path.GetTempFileName();
        for (var round = 0; round < 5; round++)
        {
            await using (var one = await MeasuredProcess.Bare(answer))
            {
                bare.Add(one.Started.TotalMilliseconds);
            }

            var data = Directory.CreateTempSubdirectory("latchkey-bench-").FullName;
            foreach (var times in new[] { ours, again })
            {
                await using var one = await MeasuredProcess.Latchkey(data, Path.Combine(data, "latchkey.db"));
                times.Add(one.Started.TotalMilliseconds);
            }

            Directory.Delete(data, recursive: true);
        }

        File.Delete(answer);
        Add(
            table,
            "start to first answer, empty SQLite, ms",
            $"{Median(bare):F0}",
            $"{Median(ours):F0}",
            $"{1.5 * Median(bare):F0}",
            Median(ours) <= 1.5 * Median(bare)
        );
        Add(
            table,
            "start to first answer, second start, ms",
            $"{Median(bare):F0}",
            $"{Median(again):F0}",
            $"{1.5 * Median(bare):F0}",
            Median(again) <= 1.5 * Median(bare)
        );
    }

    private static async Task Memory(StringBuilder table)
    {
        await using var rig = await LoadTestRig.Start("sqlite");
        await using var ours = await MeasuredProcess.Latchkey(rig.Installation.DataFolder, rig.Installation.Database, "--limits", "off");
        await using var bare = await MeasuredProcess.Bare(rig.ApplicationAnswer);
        await Task.Delay(TimeSpan.FromSeconds(10));
        AddMemory("resident memory idle, MiB", bare, ours, 40);
        await Requests($"{bare.Address}/same", "");
        await Requests($"{ours.Address}/api/appuser/getUser", rig.Get("access-token", rig.AccessToken));
        AddMemory("resident memory after 100,000 requests, MiB", bare, ours, 60);

        void AddMemory(string what, MeasuredProcess limit, MeasuredProcess load, long more) =>
            Add(
                table,
                what,
                $"{limit.ResidentKilobytes / 1024}",
                $"{load.ResidentKilobytes / 1024}",
                $"{(limit.ResidentKilobytes / 1024) + more}",
                load.ResidentKilobytes <= limit.ResidentKilobytes + (more * 1024)
            );
    }

    private static async Task Requests(string address, string request)
    {
        for (var done = 0.0; done < 100_000; )
        {
            done += (await Wrk.Run(address, request, Connections, Seconds)).PerSecond * Seconds;
        }
    }

    private static void Add(StringBuilder table, string what, string bare, string ours, string bar, bool isMet)
    {
        table.AppendLine($"| {what} | {bare} | {ours} | {bar} | {Verdict(isMet)} |");
        ShowLast(table);
    }

    private static void ShowLast(StringBuilder table) => Console.WriteLine(table.ToString().Split('\n')[^2]);

    private static string Verdict(bool isMet) => isMet ? "met" : "**missed**";

    private static LoadResult Median(List<LoadResult> loads) => loads.OrderBy(load => load.PerSecond).ElementAt(loads.Count / 2);

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
