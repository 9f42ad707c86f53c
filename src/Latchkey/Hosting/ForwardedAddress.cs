using System.Net;
using Latchkey.Core.Configuration;
using Latchkey.Core.Metrics;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Latchkey.Hosting;

/// <summary>
/// Applies X-Forwarded-For and X-Forwarded-Proto. They are trusted only from the configured proxies and from clients of the server's
/// Unix sockets.
/// </summary>
public static partial class ForwardedAddress
{
    private static readonly string[] Headers = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"];
    private static int warned;

    public static void UseForwardedAddress(this WebApplication app)
    {
        var installation = app.Services.GetRequiredService<InstallationSettings>();
        var proxies = installation.Proxies;
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ForwardedAddress));
        app.Use(
            (context, next) =>
            {
                if (Array.Exists(Headers, context.Request.Headers.ContainsKey) && !IsProxy(proxies, context.Connection.RemoteIpAddress))
                {
                    LatchkeyMeter.RecordUntrustedForward();
                    if (Interlocked.Exchange(ref warned, 1) == 0)
                    {
                        LogUntrusted(log, context.Connection.RemoteIpAddress);
                    }
                }

                return next(context);
            }
        );
        if (proxies.Count == 0 && !installation.Sockets.Any())
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxies)
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options); // it does not check a peer without an address
        app.Use(
            (context, next) =>
            {
                context.Connection.RemoteIpAddress ??= IPAddress.Loopback; // the proxy's own request, such as a health check
                return next(context);
            }
        );
    }

    /// <summary>Whether a peer is believed when it says for whom it asks.</summary>
    public static bool IsProxy(IReadOnlyList<IPNetwork> proxies, IPAddress? peer) =>
        peer is null /* on a Unix socket */
        || proxies.Any(network => network.Contains(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer));

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "{Peer} sent X-Forwarded-* headers, which are ignored. If it is your proxy, add its network to LATCHKEY_PROXIES. (Logged once.)"
    )]
    private static partial void LogUntrusted(ILogger log, IPAddress? peer);
}
