using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Latchkey.Hosting;

/// <summary>A client's connection. Its requests have it as a feature.</summary>
public sealed class OpenConnection(ConnectionContext connection)
{
    private int requests;
    private long idleSince = Environment.TickCount64;

    /// <summary>When the last request ended, or the connection began, in milliseconds of the system's uptime.</summary>
    public long IdleSince => Volatile.Read(ref idleSince);

    /// <summary>Whether a request is in progress, which may still wait for its body.</summary>
    public bool HasRequest => Volatile.Read(ref requests) > 0;

    public void BeginRequest() => Interlocked.Increment(ref requests);

    public void EndRequest()
    {
        Volatile.Write(ref idleSince, Environment.TickCount64);
        Interlocked.Decrement(ref requests);
    }

    /// <summary>Closes the connection after the response of the request in progress.</summary>
    public void CloseAfterRequest() => connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    public void CloseNow() => connection.Abort(new ConnectionAbortedException("connections are scarce"));
}
