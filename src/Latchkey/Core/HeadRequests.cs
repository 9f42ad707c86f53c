namespace Latchkey.Core;

/// <summary>HEAD (RFC 9110 §9.3.2): every route that takes GET answers it alike; the web server leaves the body out.</summary>
public static class HeadRequests
{
    private static readonly object Key = new();

    /// <summary>Turns HEAD into GET before the route is looked up.</summary>
    public static void UseHeadAsGet(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (HttpMethods.IsHead(context.Request.Method))
                {
                    context.Items[Key] = true;
                    context.Request.Method = HttpMethods.Get;
                }

                return next(context);
            }
        );

    /// <summary>The client asked for the headers alone. A GET route that changes something must not change it now.</summary>
    public static bool IsHead(this HttpContext context) => context.Items.ContainsKey(Key);
}
