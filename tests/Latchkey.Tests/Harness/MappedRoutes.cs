using Latchkey.Core.Configuration;
using Latchkey.Hosting;
using Latchkey.Portal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Latchkey.Tests.Harness;

/// <summary>A route as it is mapped: its pattern with a leading slash and without constraints, and a method that it takes.</summary>
public sealed record MappedRoute(string Method, string Pattern)
{
    public bool IsApi =>
        Pattern.StartsWith("/api/", StringComparison.Ordinal) || (Pattern.StartsWith("/apps/", StringComparison.Ordinal) && !IsHostedPage);

    /// <summary>A page that an application's users see or a file of its look, or the address that signs them out.</summary>
    public bool IsHostedPage =>
        Pattern.Split('/')
            is ["", "apps", _, "login" or "signup" or "forgot" or "reset" or "account" or "consent" or "device" or "logout" or "brand", ..]
                or ["", "apps", _, "oauth2", "logout"];

    public bool IsPortal => Pattern.StartsWith("/portal", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Pattern}";

    /// <summary>The path with a value for each parameter; the parameter's name comes without braces.</summary>
    public string Fill(Func<string, string> value) =>
        string.Join('/', Pattern.Split('/').Select(part => part is ['{', .. var name, '}'] ? Uri.EscapeDataString(value(name)) : part));
}

/// <summary>Every route of the product, as its own table of contents maps them: nothing is listed here, so nothing is forgotten.</summary>
public static class MappedRoutes
{
    public static IReadOnlyList<MappedRoute> All { get; } = Read();

    private static List<MappedRoute> Read()
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ApplicationName = "latchkey", ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Logging.ClearProviders();
        var installation = new InstallationSettings();
        builder.Services.AddLatchkey(installation, TimeSpan.Zero);
        var app = builder.Build(); // never started, and the database and the key ring never opened
        app.MapLatchkey();
        app.MapPortal();
        return
        [
            .. ((IEndpointRouteBuilder)app)
                .DataSources.SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()
                .SelectMany(Routes)
                .Distinct()
                .OrderBy(route => route.ToString(), StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<MappedRoute> Routes(RouteEndpoint endpoint)
    {
        var pattern =
            "/"
            + string.Join(
                '/',
                endpoint.RoutePattern.PathSegments.Select(segment =>
                    string.Concat(
                        segment.Parts.Select(part =>
                            part switch
                            {
                                Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
                                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                                var other => throw new NotSupportedException($"{other.GetType().Name} in {endpoint.RoutePattern.RawText}"),
                            }
                        )
                    )
                )
            );
        return (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => new MappedRoute(
            method,
            pattern
        ));
    }
}
