using Latchkey.Messages.Providers;

namespace Latchkey.Storage;

/// <summary>
/// The connections to buckets. A developer typed their addresses, so only those on the Internet are reached, and those that the operator
/// allows (<see cref="OutboundConnections"/>). No redirects, no cookies, no proxy, and no answer longer than a page of a listing.
/// </summary>
public sealed class StorageHttp(OutboundConnections connections) : IDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public HttpClient Client { get; } = new(new BoundedResponses(Handler(connections))) { Timeout = Timeout };

    public void Dispose() => Client.Dispose();

    private static SocketsHttpHandler Handler(OutboundConnections connections) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false, // it would resolve the host name again
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = async (context, stop) =>
                await connections.Connect(context.DnsEndPoint.Host, context.DnsEndPoint.Port, isDeveloperHost: true, stop),
        };

    /// <summary>Reads the whole answer within the client's timeout, and no more than fits.</summary>
    private sealed class BoundedResponses(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private const int MaxBytes = 8 * 1024 * 1024; // a thousand objects with long keys are two

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.Headers.Location = null; // the SDK would follow it itself, and without end
            try
            {
                await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }
}
