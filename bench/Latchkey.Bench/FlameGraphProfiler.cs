using System.Text.RegularExpressions;

namespace Latchkey.Bench;

/// <summary>
/// bench/flames: where the server's processor time goes on each hot path, as flame graphs. Sampled by perf with the runtime's map of
/// compiled methods; code of libraries without frame pointers stands below whoever called it last with one.
/// </summary>
public static partial class FlameGraphProfiler
{
    private const int Seconds = 6;
    private const int Connections = 16;

    public static async Task Draw(IReadOnlyList<string> engines)
    {
        Environment.SetEnvironmentVariable("DOTNET_PerfMapEnabled", "1"); // for the servers that start from here
        Environment.SetEnvironmentVariable("DOTNET_EnableWriteXorExecute", "0"); // methods stay where the map says
        foreach (var engine in engines)
        {
            await using var rig = await LoadTestRig.Start(engine);
            var provider = await ProviderLoad.Create(rig);
            (string Function, string Address, string Request)[] paths =
            [
                ("getApplication", $"{rig.Api}/getApplication", rig.Get("app-token", rig.AppToken)),
                ("getUser", $"{rig.Api}/getUser", rig.Get("access-token", rig.AccessToken)),
                ("loginAnonymous", $"{rig.Api}/loginAnonymous", rig.Anonymous()),
                ("login", $"{rig.Api}/login", rig.Login()),
                ("signup", $"{rig.Api}/signup", rig.Signup()),
                ("codeFlow", rig.Latchkey.Address, provider.Flows()),
                ("clientCredentials", provider.Token, await provider.ClientCredentials(10)),
            ];
            // getApplication asks no database
            foreach (var (function, address, request) in paths.Where(path => path.Function != "getApplication" || engine == "sqlite"))
            {
                Task<LoadResult> Run() => Wrk.Run(address, request, Connections, Seconds);
                await Run(); // until it runs compiled code
                await rig.Analyze();
                var stacks = await Sample(rig.Latchkey.Id, Run);
                var file = Path.Combine(RepositoryPaths.Root, "bench", "profiles", $"{function}-{engine}.svg");
                await File.WriteAllTextAsync(file, FlameGraph.Svg($"{function}, {engine}", stacks));
                Console.WriteLine($"{file}: {stacks.Values.Sum()} samples");
            }
        }
    }

    /// <summary>How often each stack was seen, its frames from the outermost, joined by semicolons.</summary>
    private static async Task<IReadOnlyDictionary<string, int>> Sample(int process, Func<Task<LoadResult>> load)
    {
        var recorded = Path.GetTempFileName();
        try
        {
            var running = load();
            await ChildProcess.Run(
                "perf",
                "record",
                "-q",
                "-F",
                "199",
                "-g",
                "-p",
                $"{process}",
                "-o",
                recorded,
                "--",
                "sleep",
                $"{Seconds - 1}"
            );
            await running;
            return Fold(await ChildProcess.Run("perf", "script", "-i", recorded, "-F", "comm,ip,sym"));
        }
        finally
        {
            File.Delete(recorded);
        }
    }

    /// <summary>Of perf's text: a line with the thread's name, then its frames from the innermost, then an empty line.</summary>
    private static Dictionary<string, int> Fold(string text)
    {
        var stacks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var sample in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = sample.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var frames = lines[1..].Select(line => Name(line.Trim().Split(' ', 2) is [_, var symbol] ? symbol : "")).Reverse();
            var stack = string.Join(';', frames.Prepend(lines[0].Trim()));
            stacks[stack] = stacks.GetValueOrDefault(stack) + 1;
        }

        return stacks;
    }

    /// <summary>Type and method alone.</summary>
    private static string Name(string symbol) =>
        Method().Match(symbol) is { Success: true } method
            ? $"{method.Groups["type"].Value.Split('.')[^1]}.{method.Groups["method"].Value}"
            : symbol.Replace(';', ',');

    [GeneratedRegex(@"\[[\w.]+\] (?<type>[^\s:(]+)::(?<method>[^\s(]+)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Method();
}
