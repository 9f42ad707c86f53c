using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Latchkey.BrowserTests.Harness;

/// <summary>The web server of an app: files at an origin of its own, which is not the server's.</summary>
public sealed class SamplePages : IAsyncDisposable
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
    };

    private readonly WebApplication web;

    private SamplePages(WebApplication web) => this.web = web;

    /// <summary>Such as http://localhost:1234.</summary>
    public string Origin { get; private set; } = "";

    /// <summary>Serves each file at its path, as the function reads it.</summary>
    public static async Task<SamplePages> Start(Func<string, Task<string?>> read)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        var web = builder.Build();
        web.Run(async context =>
        {
            var path = context.Request.Path.Value is { Length: > 1 } given ? given[1..] : "index.html";
            if (await read(path) is not { } text)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            context.Response.ContentType = Types[Path.GetExtension(path)];
            await context.Response.WriteAsync(text);
        });
        await web.StartAsync();
        var address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new(web) { Origin = $"http://localhost:{new Uri(address).Port}" };
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();
}
