using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Harness;

/// <summary>
/// Requests at the same time, on connections that are there already. One thread that does nothing else sends them and takes the
/// answers, so that what is measured is the server.
/// </summary>
public sealed class ConcurrentRequests(ServerProcess server, IReadOnlyList<string> from) : IDisposable
{
    private readonly List<Socket> sockets = [.. from.Select(address => Connect(server, address))];

    /// <summary>
    /// The answers in the order of the requests, each as it came (headers and body; of what is asked here, one packet), with the
    /// milliseconds it took.
    /// </summary>
    public Task<IReadOnlyList<(string Reply, double Milliseconds)>> Post(string path, string appToken, Func<int, string> json)
    {
        var requests = sockets
            .Select(
                (_, i) =>
                    Encoding.UTF8.GetBytes(
                        $"POST {path} HTTP/1.1\r\nHost: localhost\r\napp-token: {appToken}\r\nContent-Type: "
                            + $"application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json(i))}\r\n\r\n{json(i)}"
                    )
            )
            .ToList();
        return Task.Factory.StartNew(
            () => Exchange(requests),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    public void Dispose() => sockets.ForEach(socket => socket.Dispose());

    private static Socket Connect(ServerProcess server, string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = 30_000,
        };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        socket.Connect(server.Address.Host, server.Address.Port);
        return socket;
    }

    private IReadOnlyList<(string Reply, double Milliseconds)> Exchange(List<byte[]> requests)
    {
        var (sent, answers, buffer) = (new long[requests.Count], new (string, double)[requests.Count], new byte[4096]);
        for (var i = 0; i < requests.Count; i++)
        {
            sent[i] = Stopwatch.GetTimestamp();
            sockets[i].Send(requests[i]);
        }

        var awaited = sockets.Index().ToDictionary(socket => socket.Item, socket => socket.Index);
        while (awaited.Count > 0)
        {
            var ready = awaited.Keys.ToList();
            Socket.Select(ready, null, null, -1);
            foreach (var socket in ready)
            {
                awaited.Remove(socket, out var i);
                answers[i] = (
                    Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer)),
                    Stopwatch.GetElapsedTime(sent[i]).TotalMilliseconds
                );
            }
        }

        return answers;
    }
}
