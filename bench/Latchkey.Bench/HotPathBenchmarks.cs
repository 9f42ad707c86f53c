using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Operations;
using Latchkey.Users;
using Latchkey.Users.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Bench;

/// <summary>bench/hot: the pieces that every request passes, with what each allocates.</summary>
[MemoryDiagnoser]
public class HotPathBenchmarks
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"handle":"ada@example.com","password":"5f4dcc3b5aa765d61d8327deb882cf99","metaData":"{\"user_data\":{\"name\":\"Ada\"}}"}"""
    );
    private static readonly HashSet<string> FieldNames = ["handle", "password", "metaData", "locale"];
    private readonly string folder = Directory.CreateTempSubdirectory("latchkey-bench-").FullName;
    private ServiceProvider services = null!;
    private InstallationTokens tokens = null!;
    private ApplicationCache directory = null!;
    private UserJwt jwts = null!;
    private Application application = null!;
    private string accessToken = "";
    private string appToken = "";
    private User user = null!;
    private Session session = null!;

    public static void Run() =>
        BenchmarkRunner.Run<HotPathBenchmarks>(
            ManualConfig
                .Create(DefaultConfig.Instance)
                .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
                .AddExporter(MarkdownExporter.GitHub)
                .WithArtifactsPath(Path.Combine(RepositoryPaths.Root, ".build", "hot"))
        );

    /// <summary>Waits itself: the in-process toolchain goes on without.</summary>
    [GlobalSetup]
    public void Open() => OpenServices().GetAwaiter().GetResult();

    private async Task OpenServices()
    {
        services = await InstallationServices.Open(
            new InstallationSettings
            {
                DataFolder = folder,
                Database = Path.Combine(folder, "latchkey.db"),
                Listen = [new Uri("http://127.0.0.1:5400")],
            }
        );
        (tokens, directory, jwts) = (
            services.GetRequiredService<InstallationTokens>(),
            services.GetRequiredService<ApplicationCache>(),
            services.GetRequiredService<UserJwt>()
        );
        var created = (
            await services.GetRequiredService<ApplicationCreator>().Create("Hot", new Dictionary<string, string>(), Actor.CommandLine)
        ).Value!;
        application = (await directory.Find(created.Row.Id))!;
        (accessToken, appToken) = (WriteAccessToken(), created.AppToken);
        user = new User
        {
            Id = "01900000-0000-7000-8000-000000000001",
            AppId = application.Id,
            Handle = "ada@example.com",
            Metadata = "{}",
            InviteMetadata = "{}",
            Locale = "EN",
        };
        session = new Session { Id = "01900000-0000-7000-8000-000000000002", Methods = "pwd" };
    }

    [GlobalCleanup]
    public void Close()
    {
        services.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(folder, recursive: true);
    }

    [Benchmark]
    public string WriteAccessToken() =>
        tokens.Write(
            new AccessToken(application.Id, "ada@example.com", "01900000-0000-7000-8000-000000000002", 1_700_000_000, 1_900_000_000)
        );

    [Benchmark]
    public object? ReadAccessToken() => tokens.ReadAccess(accessToken);

    [Benchmark]
    public object? ReadAppToken() => tokens.ReadApp(appToken);

    [Benchmark]
    public string WriteUserJwt() => jwts.Write(application, user, session);

    [Benchmark]
    public async Task<object?> FindApplication() => await directory.Find(application.Id);

    [Benchmark]
    public async Task<object?> ReadBody()
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.ContentType, context.Request.ContentLength, context.Request.Body) = (
            "POST",
            "application/json",
            Body.Length,
            new MemoryStream(Body)
        );
        return (await Fields.Read(context.Request, FieldNames)).Value;
    }

    [Benchmark]
    public async Task<long> WriteError()
    {
        var context = new DefaultHttpContext();
        context.Response.Body = new MemoryStream();
        await ApiResults.WriteError(context, ErrorCodes.InvalidCredentials);
        return context.Response.Body.Length;
    }
}
