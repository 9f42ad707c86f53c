using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dapper;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Bench;

/// <summary>
/// bench/transfers: importing and exporting users by the command, against a bare COPY (PostgreSQL) or a bare loop of prepared inserts
/// (SQLite) of the same rows into the same tables, and against a bare SELECT that is written to a file. Alternating, in one run.
/// </summary>
public static class TransferBenchmark
{
    private const int Rounds = 3;
    private static readonly string[] Columns =
    [
        "id",
        "app_id",
        "handle",
        "user_name",
        "anonymous",
        "origin",
        "status",
        "locale",
        "email_verified",
        "password_hash",
        "password_prehashed",
        "metadata",
        "invite_metadata",
        "login_provider",
        "two_factor_google",
        "two_factor_phone",
        "totp_last_step",
        "failed_logins",
        "created_at",
        "updated_at",
    ];

    public static async Task<string> Measure(IEnumerable<string> engines, int users)
    {
        var text = new StringBuilder();
        text.AppendLine("# Import and export of users").AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{users:N0} users with password hashes, names and metadata, as JSON lines, by `latchkey user import` and `latchkey "
                + $"user export --with-hashes`, start of the process and both readings of the file"
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"included. Bare is a COPY (PostgreSQL) or a loop of prepared inserts in transactions of 4,000 rows (SQLite) of rows "
                + $"that are in memory already, into the same tables with the same indexes, and a SELECT of the same columns that is"
        );
        text.AppendLine(
                CultureInfo.InvariantCulture,
                $"written to a file line by line. Medians of {Rounds} alternating rounds on {Environment.ProcessorCount} cores; "
                    + $"made by `bench/transfers`. The bars are 0.60 for imports and 0.50 for exports."
            )
            .AppendLine();
        text.AppendLine("| What | Engine | bare, s | Latchkey, s | ratio | peak memory, MiB |")
            .AppendLine("| --- | --- | ---: | ---: | ---: | ---: |");
        foreach (var engine in engines)
        {
            var measured = await Measure(engine, users);
            text.AppendLine(Row("import", engine, measured.BareImports, measured.Imports, 0.6));
            text.AppendLine(Row("export", engine, measured.BareExports, measured.Exports, 0.5));
        }

        return text.ToString();
    }

    private static async Task<Measured> Measure(string engine, int users)
    {
        var data = Directory.CreateTempSubdirectory("latchkey-bench-").FullName;
        await using var cluster = engine == "postgres" ? await PostgresCluster.Start() : null;
        var measured = new Measured();
        var file = Path.Combine(data, "users.jsonl");
        await WriteFile(file, users);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var folder = Path.Combine(data, $"{round}");
                var bare = new InstallationSettings
                {
                    DataFolder = $"{folder}-bare",
                    Database = cluster is null ? Path.Combine($"{folder}-bare", "latchkey.db") : await cluster.CreateDatabase(),
                };
                var ours = new InstallationSettings
                {
                    DataFolder = folder,
                    Database = cluster is null ? Path.Combine(folder, "latchkey.db") : await cluster.CreateDatabase(),
                };
                measured.BareImports.Add((await BareImport(bare, users), 0));
                var appId = await CreateApplication(ours);
                measured.Imports.Add(
                    await Command("user", "import", appId, file, "--prehashed", "--data", ours.DataFolder, "--database", ours.Database)
                );
                measured.BareExports.Add((await BareExport(ours, Path.Combine(data, "bare.txt")), 0));
                measured.Exports.Add(
                    await Command(
                        "user",
                        "export",
                        appId,
                        "--with-hashes",
                        "--output",
                        Path.Combine(data, "export.jsonl"),
                        "--data",
                        ours.DataFolder,
                        "--database",
                        ours.Database
                    )
                );
                Console.WriteLine(
                    $"{engine} round {round}: import {measured.BareImports[^1].Seconds:F1} {measured.Imports[^1].Seconds:F1} "
                        + $"({measured.Imports[^1].MiB} MiB), export {measured.BareExports[^1].Seconds:F1} "
                        + $"{measured.Exports[^1].Seconds:F1} ({measured.Exports[^1].MiB} MiB)"
                );
                if (cluster is null)
                {
                    Directory.Delete(bare.DataFolder, recursive: true);
                    Directory.Delete(ours.DataFolder, recursive: true);
                }
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }

        return measured;
    }

    private static async Task<string> CreateApplication(InstallationSettings installation)
    {
        await using var services = await InstallationServices.Open(installation);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["userNamesEnabled"] = "1",
            ["metaData"] = """[{"path":"user_data.name","fieldName":"name"}]""",
        };
        return (await services.GetRequiredService<ApplicationCreator>().Create("Transfer", settings, Actor.CommandLine)).Value!.Row.Id;
    }

    private static async Task WriteFile(string path, int users)
    {
        await using var file = new StreamWriter(path);
        for (var i = 0; i < users; i++)
        {
            await file.WriteAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{{\"handle\":\"user{i}.{i * 7919L % 10_000_019}@example{i % 97}.com\",\"userName\":\"name{i}\",\"emailVerified\":true,\"passwordHash\":\"{Hash(i)}\",\"metaData\":{{\"user_data\":{{\"name\":\"Somebody {i}\"}}}},\"createdAt\":\"2024-01-01T00:00:{i % 60:D2}.{i % 1000:D3}Z\"}}\n"
                )
            );
        }
    }

    private static string Hash(int i) => string.Create(CultureInfo.InvariantCulture, $"$2b$10$abcdefghijklmnopqrstu.{i:D31}");

    private static IEnumerable<object?[]> Rows(string appId, int users, long now)
    {
        for (var i = 0; i < users; i++)
        {
            yield return
            [
                Ids.New(TimeProvider.System),
                appId,
                string.Create(CultureInfo.InvariantCulture, $"user{i}.{i * 7919L % 10_000_019}@example{i % 97}.com"),
                string.Create(CultureInfo.InvariantCulture, $"name{i}"),
                false,
                "import",
                "active",
                "EN",
                true,
                Hash(i),
                true,
                string.Create(CultureInfo.InvariantCulture, $"{{\"user_data.name\":\"Somebody {i}\"}}"),
                "{}",
                "",
                false,
                false,
                0L,
                0,
                now + ((i % 60) * 1000) + (i % 1000),
                now,
            ];
        }
    }

    private static async Task<double> BareImport(InstallationSettings installation, int users)
    {
        var appId = await CreateApplication(installation);
        await using var database = Database.Open(installation.Database);
        var batches = Rows(appId, users, 1_704_067_200_000).Chunk(database is PostgresDatabase ? users : 4000).ToList();
        var watch = Stopwatch.StartNew();
        foreach (var batch in batches)
        {
            await database.Write(db => database.Dialect.InsertMany(db, "users", Columns, batch));
        }

        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> BareExport(InstallationSettings installation, string path)
    {
        await using var database = Database.Open(installation.Database);
        var watch = Stopwatch.StartNew();
        await database.Read(async db =>
        {
            await using var reader =
                await db.ExecuteReaderAsync($"SELECT {string.Join(", ", Columns)} FROM users ORDER BY created_at, id") as DbDataReader
                ?? throw new InvalidOperationException("no reader");
            await using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 64 * 1024);
            var values = new object[reader.FieldCount];
            while (await reader.ReadAsync())
            {
                reader.GetValues(values);
                foreach (var value in values)
                {
                    await file.WriteAsync(Convert.ToString(value, CultureInfo.InvariantCulture));
                    await file.WriteAsync('\t');
                }

                await file.WriteAsync('\n');
            }

            return 0;
        });
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<(double Seconds, long MiB)> Command(params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(RepositoryPaths.Program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        var watch = Stopwatch.StartNew();
        process.Start();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var peak = 0L;
        while (!process.WaitForExit(100))
        {
            peak = Math.Max(peak, PeakKilobytes(process.Id));
        }

        var seconds = watch.Elapsed.TotalSeconds;
        return process.ExitCode == 0 ? (seconds, peak / 1024) : throw new InvalidOperationException(await output + await error);
    }

    private static long PeakKilobytes(int process)
    {
        try
        {
            return
                File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                    is { } line
                ? long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
                : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string Row(
        string what,
        string engine,
        List<(double Seconds, long MiB)> bare,
        List<(double Seconds, long MiB)> ours,
        double bar
    )
    {
        var ratio = Median(bare) / Median(ours);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {engine} | {Median(bare):F1} | {Median(ours):F1} | {ratio:F2}{(ratio >= bar ? "" : " **missed**")} | {ours.Max(one => one.MiB)} |"
        );
    }

    private static double Median(List<(double Seconds, long MiB)> times) =>
        times.Select(time => time.Seconds).Order().ElementAt(times.Count / 2);

    private sealed class Measured
    {
        public List<(double Seconds, long MiB)> BareImports { get; } = [];

        public List<(double Seconds, long MiB)> Imports { get; } = [];

        public List<(double Seconds, long MiB)> BareExports { get; } = [];

        public List<(double Seconds, long MiB)> Exports { get; } = [];
    }
}
