using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Latchkey.Core;

/// <summary>
/// Route values, decoded exactly once (RFC 3986 §2.4). The web server decodes a path without <c>%2F</c>, so that <c>%2F</c> and
/// <c>%252F</c> come out alike, and leaves bytes that are not UTF-8 as they are. Here the values come from the request line.
/// </summary>
public static class RouteValueDecoding
{
    /// <summary>Behind routing. A path that names nothing (other bytes than UTF-8) has no endpoint: 404.</summary>
    public static void UseRouteValueDecoding(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (
                    context.GetEndpoint() is RouteEndpoint { RoutePattern: { Parameters.Count: > 0 } pattern }
                    && !TryDecode(context, pattern)
                )
                {
                    context.SetEndpoint(null);
                }

                return next(context);
            }
        );

    private static bool TryDecode(HttpContext context, RoutePattern pattern)
    {
        var segments = RawSegments(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var skipped = segments.Length - pattern.PathSegments.Count; // the path base
        for (var i = 0; i < pattern.PathSegments.Count; i++)
        {
            if (pattern.PathSegments[i] is not { IsSimple: true, Parts: [RoutePatternParameterPart { Name: var name }] })
            {
                continue;
            }

            if (skipped < 0 || Decode(segments[skipped + i]) is not { } value || !IsSame(context.Request.RouteValues[name], value))
            {
                return false;
            }

            context.Request.RouteValues[name] = value;
        }

        return true;
    }

    /// <summary>The segments of the path as they were sent; a target may also be a whole address (RFC 9112 §3.2.2).</summary>
    private static string[] RawSegments(string target)
    {
        var path = target.Split('?')[0];
        var scheme = path.StartsWith('/') ? -1 : path.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? path : path[(scheme + 3)..]).Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Null for a value that is not UTF-8. A plus is a plus: this is no form.</summary>
    private static string? Decode(string segment) =>
        StrictUtf8.PercentDecode(Encoding.UTF8.GetBytes(segment.Replace("+", "%2B", StringComparison.Ordinal)));

    /// <summary>
    /// The web server's value is the same, but for slashes. It differs when the path had dot segments: then the segments do not line up.
    /// </summary>
    private static bool IsSame(object? matched, string decoded) =>
        matched is string text
        && text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) == decoded.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
