using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Harness;

/// <summary>A connection that is there already and takes next to no time of its own: for measuring what the server takes.</summary>
public sealed class RawClient : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] answer = new byte[4096];

    public static async Task<RawClient> Connect(ServerProcess server, string from)
    {
        var client = new RawClient();
        client.socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await client.socket.ConnectAsync(server.Address.Host, server.Address.Port);
        return client;
    }

    /// <summary>The answer as it came, headers and body: of what is asked here, it fits into one packet.</summary>
    public async Task<string> Post(string path, string appToken, string json)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\napp-token: {appToken}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}"));
        return Encoding.UTF8.GetString(answer, 0, await socket.ReceiveAsync(answer));
    }

    public void Dispose() => socket.Dispose();
}
