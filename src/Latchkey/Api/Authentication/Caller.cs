using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Users;
using Latchkey.Users.Sessions;

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
        ValueTask.FromResult(context.Features.Get<Caller>() switch
        {
            null => null,
            T caller => caller,
            _ => throw new InvalidOperationException($"this route's policy does not resolve a {typeof(T).Name}"),
        });
}

/// <summary>An app before login. <paramref name="UpgradingUser"/> is the anonymous user who signs up, when its access token came along.</summary>
public sealed record AppCaller(Application Application, ClientAddress Client, User? UpgradingUser) : Caller(Application, Client)
{
    public static new ValueTask<AppCaller?> BindAsync(HttpContext context) => FromContext<AppCaller>(context);
}

/// <summary>One of the application's own servers, by its App Secret.</summary>
public sealed record ServerCaller(Application Application, ClientAddress Client) : Caller(Application, Client)
{
    public static new ValueTask<ServerCaller?> BindAsync(HttpContext context) => FromContext<ServerCaller>(context);
}

/// <summary>A logged-in user.</summary>
public sealed record UserCaller(Application Application, ClientAddress Client, User User, Session Session) : Caller(Application, Client)
{
    public static new ValueTask<UserCaller?> BindAsync(HttpContext context) => FromContext<UserCaller>(context);
}
