using Dapper;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Tests.Harness;

/// <summary>A data folder and a database of its own; servers run on it, commands change it, tests look into it.</summary>
public sealed class TestInstallation : IAsyncDisposable
{
    /// <summary>Where the stand-ins of developers' mail servers and webhooks are; servers under test may connect to them.</summary>
    public const string StubNetworks = "127.0.0.0/8,::1/128";

    /// <summary>A file with the schema, made once.</summary>
    private static readonly Lazy<Task<byte[]>> Template = new(MakeTemplate);

    private readonly Lazy<Task<ServiceProvider>> services;

    private readonly bool ownsFolder;

    private bool isDisposed;

    private TestInstallation(string data, string database, bool ownsFolder)
    {
        (DataFolder, DatabaseConnection, this.ownsFolder) = (data, database, ownsFolder);
        services = new(() =>
            InstallationServices.Open(
                new InstallationSettings
                {
                    DataFolder = data,
                    Database = database,
                    OutboundNetworks = [.. StubNetworks.Split(',').Select(network => System.Net.IPNetwork.Parse(network))],
                }
            )
        );
    }

    public string DataFolder { get; }

    public string DatabaseConnection { get; }

    /// <param name="cluster">Null for a SQLite file.</param>
    /// <param name="isEmpty">Nothing is there yet, as before the first start.</param>
    public static async Task<TestInstallation> Create(PostgresCluster? cluster, bool isEmpty = false)
    {
        var installation = Attach(cluster is null ? null : await cluster.CreateDatabase(isEmpty: isEmpty));
        if (cluster is null && !isEmpty)
        {
            await File.WriteAllBytesAsync(installation.DatabaseConnection, await Template.Value);
        }

        return installation;
    }

    /// <summary>
    /// On a database that is there already, or null for a SQLite file in the folder; in a folder of its own, or in one that stays.
    /// </summary>
    public static TestInstallation Attach(string? database, string? dataFolder = null)
    {
        var data = dataFolder ?? Directory.CreateTempSubdirectory("latchkey-test-").FullName;
        return new(data, database ?? Path.Combine(data, "latchkey.db"), dataFolder is null);
    }

    public Task<CommandResult> Run(params string[] arguments) =>
        CommandLine.Run([.. arguments, "--data", DataFolder, "--database", DatabaseConnection]);

    public Task<CommandResult> RunWithInput(string input, params string[] arguments) =>
        CommandLine.Run([.. arguments, "--data", DataFolder, "--database", DatabaseConnection], input);

    /// <summary>A service of the product, in this process, on this installation.</summary>
    public async Task<T> Get<T>()
        where T : notnull => (await services.Value).GetRequiredService<T>();

    /// <summary>Changes rows behind the server's back: time that passed, an import, damage.</summary>
    public async Task<int> Execute(string sql, object? parameters = null) =>
        await (await Get<Database>()).Write(db => db.ExecuteAsync(sql, parameters));

    public async Task<T> Query<T>(string sql, object? parameters = null) =>
        (await (await Get<Database>()).Read(db => db.QuerySingleOrDefaultAsync<T>(sql, parameters)))!;

    private static async Task<byte[]> MakeTemplate()
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-template-").FullName;
        var file = Path.Combine(folder, "latchkey.db");
        await using (var database = Database.Open(file))
        {
            await new Migrator(database).Run();
        }

        var bytes = await File.ReadAllBytesAsync(file);
        Directory.Delete(folder, recursive: true);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        if (services.IsValueCreated)
        {
            await (await services.Value).DisposeAsync();
        }

        if (ownsFolder)
        {
            Directory.Delete(DataFolder, recursive: true);
        }
    }
}
