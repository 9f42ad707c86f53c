using System.Collections.Concurrent;
using System.Net;

namespace Latchkey.Tests.SecretLeaks;

/// <summary>Where OpenTelemetry sends traces and metrics; it keeps every byte.</summary>
internal sealed class OtlpCollector : IDisposable
{
    private readonly HttpListener listener = new();

    public OtlpCollector()
    {
        listener.Prefixes.Add(Address);
        listener.Start();
        _ = Take();
    }

    public string Address { get; } = $"http://127.0.0.1:{FreePort.Find()}/";

    public ConcurrentQueue<byte[]> Received { get; } = new();

    /// <summary>Those of <see cref="Received"/> that are metrics.</summary>
    public ConcurrentQueue<byte[]> Metrics { get; } = new();

    public (string Name, string Value)[] Environment =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "50")];

    public void Dispose() => listener.Close();

    private async Task Take()
    {
        try
        {
            while (true)
            {
                var sent = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await sent.Request.InputStream.CopyToAsync(body);
                Received.Enqueue(body.ToArray());
                if (sent.Request.Url!.AbsolutePath.EndsWith("/v1/metrics", StringComparison.Ordinal))
                {
                    Metrics.Enqueue(body.ToArray());
                }

                sent.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // the test is over
        }
    }
}
