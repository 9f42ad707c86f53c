using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Hosting;

/// <summary>
/// Makes a start faster: sends a request through the pipeline while the server binds its addresses, so that the first real request finds
/// the routes compiled and the code loaded.
/// </summary>
public static class WarmUp
{
    /// <summary>In front of all middleware. It is called when the pipeline is complete, before the server listens.</summary>
    public static void UseWarmUp(this WebApplication app) =>
        app.Use(next =>
        {
            _ = Task.Run(() => next(Request(app.Services))); // ErrorMiddleware logs what goes wrong
            return next;
        });

    private static DefaultHttpContext Request(IServiceProvider services)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Loopback;
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = Health.LivePath;
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = Health.LivePath;
        return context;
    }
}
