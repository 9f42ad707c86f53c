using Latchkey.Applications;
using Latchkey.Core;

namespace Latchkey.Api.Authentication;

/// <summary>One of the application's own servers, by its App Secret.</summary>
public sealed record ServerCaller(Application Application, ClientAddress Client) : Caller(Application, Client)
{
    public static new ValueTask<ServerCaller?> BindAsync(HttpContext context) => FromContext<ServerCaller>(context);
}
