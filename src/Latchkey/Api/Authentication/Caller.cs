using Latchkey.Applications;
using Latchkey.Core;

namespace Latchkey.Api.Authentication;

/// <summary>The caller: always one application, resolved from a token before anything else is checked.</summary>
public abstract record Caller(Application Application, ClientAddress Client)
{
    /// <summary>When the token was validated, as a timestamp. The result may be outdated since.</summary>
    public long ResolvedAt { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>For routes that take more than one kind of caller.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => FromContext<Caller>(context);

    /// <summary>
    /// Makes the caller available to handlers as a parameter of its type. Null if a valid token's application is deleted: then
    /// <see cref="RequestValidationFilter"/> responds with 401 and the handler does not run.
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
