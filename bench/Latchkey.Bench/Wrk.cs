using System.Globalization;
using System.Text.RegularExpressions;

namespace Latchkey.Bench;

/// <summary>What one run of wrk saw.</summary>
/// <param name="PerSecond">Answers with 2xx a second.</param>
/// <param name="P50">Median latency in milliseconds.</param>
/// <param name="P99">99th percentile in milliseconds.</param>
/// <param name="Refused">Answers other than 2xx.</param>
public sealed record LoadResult(double PerSecond, double P50, double P99, long Refused);

/// <summary>Loads an address with Debian's wrk.</summary>
public static partial class Wrk
{
    /// <param name="request">Lua that sets wrk.method, wrk.body, wrk.headers or defines request().</param>
    public static async Task<LoadResult> Run(string address, string request, int connections, int seconds)
    {
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, request);
            var output = await ChildProcess.Run(
                "wrk",
                "-t1",
                $"-c{connections}",
                $"-d{seconds}s",
                "--timeout",
                "20s",
                "--latency",
                "-s",
                script,
                address
            );
            if (Failures().Match(output) is { Success: true } failures)
            {
                throw new InvalidOperationException($"{address}: {failures.Value}");
            }

            var refused = Refusals().Match(output) is { Success: true } refusals
                ? long.Parse(refusals.Groups[1].Value, CultureInfo.InvariantCulture)
                : 0;
            var rate = double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
            return new(Math.Max(0, rate - ((double)refused / seconds)), Percentile(output, 50), Percentile(output, 99), refused);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static double Percentile(string output, int percent)
    {
        var match = Regex.Match(output, $@"^\s+{percent}%\s+([\d.]+)(us|ms|s|m)", RegexOptions.Multiline, TimeSpan.FromSeconds(1));
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            * match.Groups[2].Value switch
            {
                "us" => 0.001,
                "ms" => 1,
                "s" => 1000,
                _ => 60_000,
            };
    }

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex Refusals();

    [GeneratedRegex(@"Socket errors: connect [1-9].*|Socket errors:.* timeout [1-9].*")]
    private static partial Regex Failures();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();
}
