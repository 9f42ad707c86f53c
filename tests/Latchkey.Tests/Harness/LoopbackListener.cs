using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Latchkey.Tests.Harness;

/// <summary>
/// Accepts TCP connections until it is disposed and gives each to a handler, all of them at the same time. Disposing closes every
/// connection and waits until the handlers have returned; what a handler throws because its connection was closed is dropped.
/// </summary>
public sealed class LoopbackListener : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly Func<NetworkStream, Task> handle;
    private readonly CancellationTokenSource disposing = new();
    private readonly ConcurrentBag<Task> handlers = [];
    private readonly ConcurrentBag<TcpClient> clients = [];
    private readonly Task accepting;

    /// <summary>Listens on a free port of 127.0.0.1.</summary>
    public LoopbackListener(Func<NetworkStream, Task> handle)
        : this(new IPEndPoint(IPAddress.Loopback, 0), handle) { }

    public LoopbackListener(IPEndPoint endpoint, Func<NetworkStream, Task> handle)
    {
        this.handle = handle;
        listener = new TcpListener(endpoint);
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await disposing.CancelAsync();
        await accepting;
        listener.Stop();
        foreach (var client in clients)
        {
            client.Dispose();
        }

        await Task.WhenAll(handlers);
        disposing.Dispose();
    }

    private async Task Accept()
    {
        while (!disposing.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync(disposing.Token);
                clients.Add(client);
                handlers.Add(Handle(client));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // this client went away before it was accepted
            }
        }
    }

    private async Task Handle(TcpClient client)
    {
        try
        {
            using (client)
            {
                await handle(client.GetStream());
            }
        }
        catch (Exception e)
            when (e is IOException or SocketException or ObjectDisposedException || (e is InvalidOperationException && !client.Connected))
        {
            // the other side hung up, or the test is over
        }
    }
}
