using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Latchkey.Tests.Harness;

/// <summary>HTTP clients, each at a loopback address of its own; to the server they are different networks.</summary>
public static class Clients
{
    private static readonly ConcurrentDictionary<string, HttpClient> ByAddress = new(StringComparer.Ordinal);

    /// <summary>The address of a loopback network's so-manyth client, from 0; up to 62,500.</summary>
    /// <param name="network">The second byte; a test that uses many addresses has one of its own.</param>
    /// <param name="client">Which one.</param>
    public static string Address(int network, int client) => $"127.{network}.{client / 250}.{(client % 250) + 1}";

    public static HttpClient ForAddress(string address) => ByAddress.GetOrAdd(address, Create);

    public static async Task<Reply> Send(ServerProcess server, HttpRequestMessage request, string from)
    {
        using (request)
        {
            request.RequestUri = request.RequestUri!.IsAbsoluteUri ? request.RequestUri : new Uri(server.Address, request.RequestUri);
            using var answer = await ForAddress(from).SendAsync(request);
            return await Reply.Read(answer);
        }
    }

    private static HttpClient Create(string address) =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
                ConnectCallback = async (context, stop) =>
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                    await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, stop);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
}
