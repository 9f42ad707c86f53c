using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Applications.Realm;

/// <summary>Sends requests to the App Services Admin API, with limits on time and response size. Logs nothing.</summary>
public sealed class AppServicesClient(InstallationSettings installation) : IDisposable
{
    private const string Prefix = "/api/admin/v3.0";
    private const int MaxResponseBytes = 2 * 1024 * 1024;
    private const int MaxJsonDepth = 32;

    private readonly HttpClient client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = MaxResponseBytes,
    };

    public Uri Address => installation.AppServicesUrl;

    /// <summary>Sends a request. Returns any JSON response; an error when there is none, or a successful response is not JSON.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path after the prefix, with escaped segments.</param>
    /// <param name="token">The bearer token; null for none.</param>
    /// <param name="body">Sent as JSON; null for none.</param>
    /// <param name="stop">Cancelled when the whole run takes too long.</param>
    public async Task<Result<AppServicesResponse>> Send(
        HttpMethod method,
        string path,
        string? token,
        JsonNode? body,
        CancellationToken stop
    )
    {
        using var request = new HttpRequestMessage(method, new Uri($"{Address.AbsoluteUri.TrimEnd('/')}{Prefix}{path}"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        try
        {
            using var response = await client.SendAsync(request, stop);
            return Read((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(stop));
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded
                ? RealmErrors.TooLarge(Address)
                : RealmErrors.Unreachable(Address);
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? RealmErrors.TimedOut : RealmErrors.Unreachable(Address);
        }
    }

    public void Dispose() => client.Dispose();

    private Result<AppServicesResponse> Read(int status, byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(
                bytes.Length == 0 ? "null"u8.ToArray() : bytes,
                new JsonDocumentOptions { MaxDepth = MaxJsonDepth }
            );
            return status is >= 300 and < 400
                ? RealmErrors.UnexpectedResponse(Address)
                : new AppServicesResponse(status, document.RootElement.Clone());
        }
        catch (JsonException)
        {
            return status >= 400 ? new AppServicesResponse(status, default) : RealmErrors.UnexpectedResponse(Address);
        }
    }
}
