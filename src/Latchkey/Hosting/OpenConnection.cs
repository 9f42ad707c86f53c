using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Latchkey.Hosting;

/// <summary>A client's connection. Its requests have it as a feature.</summary>
public sealed class OpenConnection(ConnectionContext connection)
{
    private int requests;

    /// <summary>Whether a request is in progress, which may still wait for its body.</summary>
    public bool HasRequest => Volatile.Read(ref requests) > 0;

    public void BeginRequest() => Interlocked.Increment(ref requests);

    public void EndRequest() => Interlocked.Decrement(ref requests);

    /// <summary>Closes the connection after the response of the request in progress.</summary>
    public void CloseAfterRequest() => connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    public void CloseNow() => connection.Abort(new ConnectionAbortedException("connections are scarce"));
}
