using System.Net;
using Latchkey.Configuration;
using Microsoft.AspNetCore.HttpOverrides;

namespace Latchkey.Server;

/// <summary>X-Forwarded-For and -Proto, believed from the configured proxies and from nobody else.</summary>
public static partial class ForwardedAddress
{
    private static readonly string[] Headers = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"];
    private static int warned;

    public static void UseForwardedAddress(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<Installation>().Proxies;
        if (proxies.Count > 0)
        {
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in proxies)
            {
                options.KnownIPNetworks.Add(network);
            }

            app.UseForwardedHeaders(options);
            return;
        }

        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ForwardedAddress));
        app.Use((context, next) =>
        {
            if (Array.Exists(Headers, context.Request.Headers.ContainsKey) && Interlocked.Exchange(ref warned, 1) == 0)
            {
                LogUntrusted(log, context.Connection.RemoteIpAddress);
            }

            return next(context);
        });
    }

    [LoggerMessage(1, LogLevel.Warning, "{Peer} sent X-Forwarded-* headers, which are ignored. If it is your proxy, name its network in LATCHKEY_PROXIES. (Said once.)")]
    private static partial void LogUntrusted(ILogger log, IPAddress? peer);
}
