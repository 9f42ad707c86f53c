using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Latchkey.Tests.Harness;

/// <summary>A loopback port for a process about to start, below the range that outgoing connections are given.</summary>
public static class FreePort
{
    public static int Find()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // taken; draw again
            }
        }
    }
}
