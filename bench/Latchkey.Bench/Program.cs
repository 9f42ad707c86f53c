using System.Globalization;

namespace Latchkey.Bench;

/// <summary>
/// What the commands in bench/ start. With none of the words below: the time of every page of the portal with many applications and users.
/// </summary>
public static class Program
{
    private const int Users = 1_000_000;

    /// <summary>
    /// Arguments: transfers, search, limits, profiles, hot, hashes or sizes; the engines (both unless named); how many users the large application has.
    /// </summary>
    public static async Task<int> Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (args is ["bare", ..])
        {
            await BareServer.Run(args[1..]);
            return 0;
        }

        if (args is ["identity", ..])
        {
            await IdentityServer.Run(args[1..]);
            return 0;
        }

        var engines = args.Where(arg => arg is "sqlite" or "postgres").DefaultIfEmpty("sqlite").ToList();
        var users = args.Select(arg => int.TryParse(arg, out var number) ? number : 0).FirstOrDefault(number => number > 0)
            is > 0
                and var asked
            ? asked
            : Users;
        if (!args.Any(arg => arg is "sqlite" or "postgres"))
        {
            engines.Add("postgres");
        }

        if (args.Contains("transfers"))
        {
            var transfers = await TransferBenchmark.Measure(engines, users);
            Console.WriteLine(transfers);
            await File.WriteAllTextAsync(Path.Combine(RepositoryPaths.Root, "bench", "transfers.md"), transfers);
            return 0;
        }

        if (args.Contains("search"))
        {
            var searches = await SearchBenchmark.Measure(engines, users);
            await File.WriteAllTextAsync(Path.Combine(RepositoryPaths.Root, "bench", "search.md"), searches);
            return 0;
        }

        if (args.Contains("limits"))
        {
            var only = args.FirstOrDefault(arg => arg is not ("limits" or "sqlite" or "postgres"));
            var ratios = await ThroughputBenchmark.Measure(engines, only);
            if (only is null)
            {
                await File.WriteAllTextAsync(Path.Combine(RepositoryPaths.Root, "bench", "limits.md"), ratios);
            }

            return 0;
        }

        if (args.Contains("profiles"))
        {
            await FlameGraphProfiler.Draw(engines);
            return 0;
        }

        if (args.Contains("hot"))
        {
            HotPathBenchmarks.Run();
            return 0;
        }

        if (args.Contains("hashes"))
        {
            await File.WriteAllTextAsync(Path.Combine(RepositoryPaths.Root, "bench", "hashes.md"), HashBenchmark.Measure());
            return 0;
        }

        if (args.Contains("sizes"))
        {
            var sizes = await ScalingBenchmark.Measure(engines, users);
            await File.WriteAllTextAsync(Path.Combine(RepositoryPaths.Root, "bench", "sizes.md"), sizes);
            return 0;
        }

        var results = new List<PageTime>();
        foreach (var engine in engines)
        {
            results.AddRange(await PortalPageBenchmark.Measure(engine, users));
        }

        var report = PortalPageBenchmark.Report(results, users);
        Console.WriteLine(report);
        await File.WriteAllTextAsync(Path.Combine(RepositoryPaths.Root, "bench", "portal.md"), report);
        return 0;
    }
}
