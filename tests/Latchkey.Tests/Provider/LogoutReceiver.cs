using System.Collections.Concurrent;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Latchkey.Tests.Provider;

/// <summary>A client's server that is told of logouts.</summary>
public sealed class LogoutReceiver : IAsyncDisposable
{
    private readonly WebApplication web;
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> forms = new();

    private LogoutReceiver(WebApplication web) => this.web = web;

    /// <summary>What was posted, in its order.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Forms => [.. forms];

    public string Uri => $"{web.Urls.Single().Replace("https://127.0.0.1", "https://localhost", StringComparison.Ordinal)}/logout?tenant=1";

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    public string Body { get; set; } = "";

    /// <summary>Until this is done nobody gets an answer.</summary>
    public Task IsSlow { get; set; } = Task.CompletedTask;

    /// <summary>How the last connection was encrypted; null for not at all.</summary>
    public SslProtocols? Protocol { get; private set; }

    public static Task<LogoutReceiver> Start() => Start(kestrel => kestrel.Listen(IPAddress.Loopback, 0));

    /// <summary>With the certificate of <see cref="LocalhostCertificate"/> in a folder.</summary>
    public static Task<LogoutReceiver> StartTls(string folder) =>
        Start(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                options =>
                    options.UseHttps(X509Certificate2.CreateFromPemFile(Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem")))
            )
        );

    private static async Task<LogoutReceiver> Start(Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(listen);
        var receiver = new LogoutReceiver(builder.Build());
        receiver.web.MapPost("/logout", receiver.Receive).DisableAntiforgery();
        await receiver.web.StartAsync();
        return receiver;
    }

    /// <summary>The claims of the logout tokens that came.</summary>
    public IReadOnlyList<JsonElement> Claims => [.. Forms.Select(form => LoggedInUser.DecodePart(form["logout_token"], 1))];

    public Task WaitFor(int count) => WaitUntil.IsTrue($"{count} logout tokens came", () => Task.FromResult(Forms.Count >= count));

    public ValueTask DisposeAsync() => web.DisposeAsync();

    private async Task<IResult> Receive(HttpRequest request)
    {
        Protocol = request.HttpContext.Features.Get<ITlsHandshakeFeature>()?.Protocol;
        var form = await request.ReadFormAsync();
        forms.Enqueue(form.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal));
        await IsSlow;
        return Results.Text(Body, "application/json", statusCode: Status);
    }
}
