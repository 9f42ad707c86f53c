using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Messages;

/// <summary>
/// Listens on one port of loopback (IPv4, and IPv6 where there is one), counts who connects, says one thing and hangs up.
/// </summary>
public sealed class CountingListener : IAsyncDisposable
{
    private readonly List<TcpListener> listeners = [];
    private readonly List<Task> taking = [];
    private readonly byte[] answer;
    private int connections;

    public CountingListener(string address = "127.0.0.1", string answer = "")
    {
        this.answer = Encoding.ASCII.GetBytes(answer);
        Port = FreePort.Find();
        Listen(IPAddress.Parse(address));
        if (address == "127.0.0.1" && Socket.OSSupportsIPv6)
        {
            Listen(IPAddress.IPv6Loopback);
        }
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref connections);

    public async ValueTask DisposeAsync()
    {
        listeners.ForEach(listener => listener.Stop());
        await Task.WhenAll(taking);
    }

    private void Listen(IPAddress address)
    {
        var listener = new TcpListener(address, Port);
        listener.Start();
        listeners.Add(listener);
        taking.Add(Take(listener));
    }

    private async Task Take(TcpListener listener)
    {
        while (true)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref connections);
                await using var stream = client.GetStream();
                await stream.WriteAsync(answer);
                client.Client.Shutdown(SocketShutdown.Send);
                while (answer.Length > 0 && await stream.ReadAsync(new byte[4096]) > 0)
                {
                    // let the client end it
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException) // stopped, perhaps before it took anybody
            {
                return;
            }
            catch (IOException)
            {
                // this client went away in the middle
            }
        }
    }
}
