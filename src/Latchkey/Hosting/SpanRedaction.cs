using System.Diagnostics;
using OpenTelemetry;

namespace Latchkey.Hosting;

/// <summary>
/// Removes URLs from the spans of requests. A path may name an anonymous user, whose handle is all it takes to log in as that user, and a
/// query may hold a code. The route's pattern (<c>http.route</c>) stays.
/// </summary>
internal sealed class SpanRedaction : BaseProcessor<System.Diagnostics.Activity>
{
    public override void OnEnd(System.Diagnostics.Activity data)
    {
        if (data.Kind == ActivityKind.Server)
        {
            data.SetTag("url.path", null);
            data.SetTag("url.query", null);
            data.SetTag("url.full", null);
        }
    }
}
