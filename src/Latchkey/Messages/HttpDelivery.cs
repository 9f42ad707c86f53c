using System.Globalization;
using System.Text;

namespace Latchkey.Messages;

/// <summary>The HTTP side of providers: one client, no redirects, and one reading of answers.</summary>
public sealed class HttpDelivery : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = 64 * 1024,
    };

    /// <summary>2xx is taken; 408, 429 and 5xx, or no answer, is not now; anything else will not get better.</summary>
    public async Task<Delivery> Post(Uri url, HttpContent content, Action<HttpRequestMessage> sign, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        sign(request);
        try
        {
            using var response = await client.SendAsync(request, stop);
            var status = (int)response.StatusCode;
            var words = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(stop)); // whatever charset it claims: an unknown one must not throw
            var answer = $"{status.ToString(CultureInfo.InvariantCulture)} {words}";
            return new(response.IsSuccessStatusCode ? DeliveryResult.Taken : status is 408 or 429 or >= 500 ? DeliveryResult.NotNow : DeliveryResult.Never, answer);
        }
        catch (HttpRequestException e)
        {
            return new(DeliveryResult.NotNow, e.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(DeliveryResult.NotNow, $"{url.Host} did not answer within {Patience.TotalSeconds} seconds");
        }
    }

    public void Dispose() => client.Dispose();
}
