using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Messages;

/// <summary>
/// Listens on one port of loopback (IPv4, and IPv6 where there is one), counts who connects, says one thing and hangs up.
/// </summary>
public sealed class CountingListener : IAsyncDisposable
{
    private readonly List<LoopbackListener> listeners = [];
    private readonly byte[] answer;
    private int connections;

    public CountingListener(string address = "127.0.0.1", string answer = "")
    {
        this.answer = Encoding.ASCII.GetBytes(answer);
        Port = FreePort.Find();
        listeners.Add(new LoopbackListener(new IPEndPoint(IPAddress.Parse(address), Port), Answer));
        if (address == "127.0.0.1" && Socket.OSSupportsIPv6)
        {
            listeners.Add(new LoopbackListener(new IPEndPoint(IPAddress.IPv6Loopback, Port), Answer));
        }
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref connections);

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in listeners)
        {
            await listener.DisposeAsync();
        }
    }

    private async Task Answer(NetworkStream stream)
    {
        Interlocked.Increment(ref connections);
        await stream.WriteAsync(answer);
        stream.Socket.Shutdown(SocketShutdown.Send);
        while (answer.Length > 0 && await stream.ReadAsync(new byte[4096]) > 0)
        {
            // let the client end it
        }
    }
}
