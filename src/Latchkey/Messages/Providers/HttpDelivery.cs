using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Messages.Providers;

/// <summary>
/// Sends HTTP requests to providers: no redirects, no cookies, one interpretation of responses. Developers' hosts and the operator's
/// never share a connection pool.
/// </summary>
public sealed class HttpDelivery(OutboundConnections connections) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(5);
    private const int MaxDocumentBytes = 64 * 1024;
    private const int MaxBodyBytes = 2048; // far more than the delivery log keeps

    private readonly HttpClient operators = Client(Handler());
    private readonly HttpClient developers = Client(RestrictToAllowedAddresses(Handler(), connections));

    /// <summary>Posts a request. 2xx: accepted. 408, 429, 5xx or no response: retry. Anything else: failed.</summary>
    /// <param name="isDeveloperHost">A developer chose the host. Its response body is not kept, because it may be a page of the operator's
    /// internal network.</param>
    /// <param name="describe">What may be kept of the body of a developer's host, of its first 2,048 bytes; null for nothing.</param>
    public async Task<Delivery> Post(
        Uri url,
        bool isDeveloperHost,
        HttpContent content,
        Action<HttpRequestMessage> sign,
        CancellationToken stop,
        Func<string, string>? describe = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        sign(request);
        try
        {
            using var response = await (isDeveloperHost ? developers : operators).SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                stop
            );
            var status = (int)response.StatusCode;
            var answer =
                $"{status.ToString(CultureInfo.InvariantCulture)} "
                + $"{(isDeveloperHost ? ReasonPhrases.GetReasonPhrase(status) : await ReadBody(response, stop))}";
            if (describe is not null && !response.IsSuccessStatusCode && describe(await ReadBody(response, stop)) is { Length: > 0 } more)
            {
                answer = $"{answer}: {more}";
            }

            return new(
                response.IsSuccessStatusCode ? DeliveryResult.Accepted
                    : status is 408 or 429 or >= 500 ? DeliveryResult.RetryLater
                    : DeliveryResult.PermanentFailure,
                answer
            );
        }
        catch (HttpRequestException e)
        {
            return new(
                DeliveryResult.RetryLater,
                e.InnerException is AddressNotAllowedException refused ? refused.Message
                    : isDeveloperHost && e.HttpRequestError == HttpRequestError.InvalidResponse ? $"{url.Host} does not speak HTTP"
                    : e.Message
            );
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(DeliveryResult.RetryLater, $"{url.Host} did not respond within {Timeout.TotalSeconds} seconds");
        }
    }

    /// <summary>Fetches a document of at most 64 KiB from a host that a developer chose.</summary>
    public async Task<Fetched> Get(Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await Fetch(request, BodyTimeout);
    }

    /// <summary>
    /// Sends a request to a host that a developer chose, and reads a document of at most 64 KiB. That of a failure is there too, beside the
    /// problem: show it to nobody.
    /// </summary>
    /// <param name="limit">The time for all of it.</param>
    public async Task<Fetched> Fetch(HttpRequestMessage request, TimeSpan limit)
    {
        var host = request.RequestUri?.Host;
        using var patience = new CancellationTokenSource(limit);
        try
        {
            using var response = await developers.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
            var bytes = new byte[MaxDocumentBytes + 1];
            var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience.Token);
            return length > MaxDocumentBytes
                ? new("", MaxAge: null, "longer than 64 KiB")
                : new(
                    Encoding.UTF8.GetString(bytes, 0, length),
                    response.Headers.CacheControl?.MaxAge,
                    response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}"
                );
        }
        catch (HttpRequestException e)
        {
            return new("", MaxAge: null, e.InnerException is AddressNotAllowedException refused ? refused.Message : e.Message);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return new("", MaxAge: null, $"{host} did not answer in time, or broke off");
        }
    }

    /// <summary>
    /// Reads the beginning of the response body. The status code has decided the result, so a body that is too long or incomplete does not
    /// matter.
    /// </summary>
    private static async Task<string> ReadBody(HttpResponseMessage response, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(BodyTimeout);
        var (bytes, length) = (new byte[MaxBodyBytes], 0);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
            length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // keep what was received
        }

        return Encoding.UTF8.GetString(bytes, 0, length); // ignores the declared charset: an unknown one would throw
    }

    public void Dispose()
    {
        operators.Dispose();
        developers.Dispose();
    }

    private static HttpClient Client(SocketsHttpHandler handler) => new(handler) { Timeout = Timeout };

    private static SocketsHttpHandler Handler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };

    /// <summary>No proxy: it would resolve the host name again.</summary>
    private static SocketsHttpHandler RestrictToAllowedAddresses(SocketsHttpHandler handler, OutboundConnections connections)
    {
        handler.UseProxy = false;
        handler.ConnectCallback = async (context, stop) =>
            await connections.Connect(context.DnsEndPoint.Host, context.DnsEndPoint.Port, isDeveloperHost: true, stop);
        return handler;
    }
}
