using Latchkey.Applications;
using Latchkey.Core;

namespace Latchkey.Api.Authentication;

/// <summary>Who calls: always one application, resolved from a token before anything else is looked at.</summary>
public abstract record Caller(Application Application, ClientAddress Client)
{
    /// <summary>When its token was judged, as a timestamp: what was true then may not be any more.</summary>
    public long ResolvedAt { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>For routes that take more than one kind of caller.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => FromContext<Caller>(context);

    /// <summary>
    /// Makes the caller available to handlers as a parameter of its type. Null when a good token's application is gone: then
    /// <see cref="RequestValidationFilter"/> answers 401 and the handler does not run.
    /// </summary>
    internal static ValueTask<T?> FromContext<T>(HttpContext context)
        where T : Caller =>
        ValueTask.FromResult(
            context.Features.Get<Caller>() switch
            {
                null => null,
                T caller => caller,
                _ => throw new InvalidOperationException($"this route's policy does not resolve a {typeof(T).Name}"),
            }
        );
}
