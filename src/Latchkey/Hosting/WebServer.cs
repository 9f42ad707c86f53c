using Latchkey.Accounts;
using Latchkey.Api.Authentication;
using Latchkey.Applications.MessageProviders;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Core.Metrics;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Operations;
using Latchkey.Users.Sessions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Console;

namespace Latchkey.Hosting;

/// <summary>Starts and stops the server. Its content is listed in LatchkeyServer.cs.</summary>
public static partial class WebServer
{
    private const int MaxRequestBodyBytes = 100 * 1024;
    private const int MaxHeaderBytes = 32 * 1024;

    /// <summary>
    /// After it, memory of the start is returned. That stops the process for a moment, which the first requests must not wait for.
    /// </summary>
    private static readonly TimeSpan StartupTime = TimeSpan.FromSeconds(1);

    /// <summary>Lets a client that waits for the database get an error within two seconds.</summary>
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromMilliseconds(1500);

    public static async Task Run(InstallationSettings installation, TextWriter output, CancellationToken stop)
    {
        _ = Preload.Start(installation.DatabaseConnection);
        await using var app = Build(installation);
        var prepared = Task.Run(() => InstallationServices.Prepare(app.Services), CancellationToken.None); // meanwhile, the routes
        try
        {
            app.MapLatchkey();
        }
        finally
        {
            await prepared; // nothing may end the database under it
        }

        app.UseLatchkey(); // needs the key ring, which is available only now
        installation.Sockets.ToList().ForEach(UnixSocket.RemoveStale);
        var logged = LogStart(app, installation);
        await app.StartAsync(stop);
        installation.Sockets.ToList().ForEach(UnixSocket.LimitAccess);
        await logged;
        await PrintStartupMessage(app, installation, output);
        LatchkeyMeter.InitializeCounters(
            RejectionLog.FunctionNames(app.Services.GetRequiredService<EndpointDataSource>()),
            UnknownCredentials.Kinds,
            SessionEnd.ReasonNames
        );
        app.Services.GetRequiredService<ServerStart>().Complete();
        var ended = app.WaitForShutdownAsync(stop);
        if (await Task.WhenAny(ended, Task.Delay(StartupTime, stop)) != ended && !stop.IsCancellationRequested)
        {
            ReturnStartupMemory();
        }

        await ended;
        await Task.WhenAll(
            app.Services.GetServices<IHostedService>()
                .OfType<BackgroundService>()
                .Select(service => service.ExecuteTask is { IsFaulted: true } broken ? broken : Task.CompletedTask)
        ); // a background service failed and stopped the server
    }

    private static WebApplication Build(InstallationSettings installation)
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "latchkey" }
        ); // settings come from InstallationSettings only
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        ConfigureLogging(builder.Logging);
        builder.WebHost.UseUrls([
            .. installation.Listen.Where(url => url.Scheme != InstallationSettings.UnixScheme).Select(url => url.ToString()),
            .. installation.Sockets.Select(UnixSocket.KestrelUrl),
        ]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MaxConcurrentConnections = ConnectionLimits.MaxConnections;
            var connections = kestrel.ApplicationServices.GetRequiredService<ConnectionLimits>();
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => connections.Serve(connection, next)));
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.Configure<FormOptions>(form => form.MemoryBufferThreshold = MaxRequestBodyBytes); // else files in /tmp
        builder.Services.AddLatchkey(installation, BusyTimeout);

        return builder.Build();
    }

    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None); // else each request makes an Activity that nobody reads
        if (Console.IsOutputRedirected)
        {
            // One JSON object per line, so that a value cannot forge another line.
            logging.AddJsonConsole(json => json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
            logging.Services.Configure<JsonConsoleFormatterOptions>(json => json.UseUtcTimestamp = true);
        }
        else
        {
            logging.AddConsole(console => console.FormatterName = TerminalLogFormatter.FormatterName);
            logging.AddConsoleFormatter<TerminalLogFormatter, ConsoleFormatterOptions>();
        }
    }

    private static async Task LogStart(WebApplication app, InstallationSettings installation)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(WebServer));
        var engine = await app
            .Services.GetRequiredService<Database>()
            .Read(db => app.Services.GetRequiredService<Dialect>().EngineVersion(db));
        LogStarting(log, BuildVersion.Text, engine);
        foreach (var warning in app.Services.GetRequiredService<KeyFolder>().Warnings())
        {
            LogKeyFolder(log, warning);
        }

        if (!installation.LimitsOn)
        {
            LogLimitsDisabled(log);
        }
    }

    /// <summary>Most memory allocated at start is not needed again, and an idle server might never collect it.</summary>
    private static void ReturnStartupMemory() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    /// <summary>Prints the portal's address and, on the first start, the setup link.</summary>
    private static async Task PrintStartupMessage(WebApplication app, InstallationSettings installation, TextWriter output)
    {
        var portal = $"{installation.PortalUrl}/portal";
        await output.WriteLineAsync($"\nLatchkey is running. Portal: {portal}");
        if (await app.Services.GetRequiredService<DeveloperAccounts>().CreateSetupToken() is { } token)
        {
            await output.WriteLineAsync($"Set it up with this link, which works once: {portal}/setup?token={token}");
        }

        if (app.Services.GetRequiredService<InstallationProviders>().Mail is null)
        {
            await output.WriteLineAsync("No mail provider is set up: mails stay in the mailbox (portal, or latchkey mailbox).");
        }

        await output.WriteLineAsync();
        await output.FlushAsync();
    }

    [LoggerMessage(1, LogLevel.Information, "Latchkey {Version} starts on {Engine}")]
    private static partial void LogStarting(ILogger log, string version, string engine);

    [LoggerMessage(4, LogLevel.Warning, "{Warning}")]
    private static partial void LogKeyFolder(ILogger log, string warning);

    [LoggerMessage(
        3,
        LogLevel.Critical,
        "ALL ABUSE LIMITS ARE OFF: passwords and codes can be guessed. Use this only for load tests and rehearsals on loopback."
    )]
    private static partial void LogLimitsDisabled(ILogger log);
}
