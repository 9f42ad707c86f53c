using System.Net.Sockets;

namespace Latchkey.Hosting;

/// <summary>Manages the Unix sockets that the server listens on, for a proxy on the same machine.</summary>
public static class UnixSocket
{
    /// <summary>Owner and group may connect: the proxy's user must be in the group.</summary>
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>The URL for Kestrel.</summary>
    public static string KestrelUrl(string path) => $"http://unix:{path}";

    /// <summary>Removes the socket file of a killed server. A socket in use is kept, so that the start fails.</summary>
    public static void RemoveStale(string path)
    {
        if (!File.Exists(path) || !IsSocket(path)) // otherwise Kestrel reports that the address is in use
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
    }

    /// <summary>Does nothing on Windows, which has no file modes: the folder's access list applies.</summary>
    public static void LimitAccess(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Mode);
        }
    }

    /// <summary>
    /// Ensures that only a socket is removed, whatever file the setting names: a file can be opened for reading, a socket cannot.
    /// </summary>
    private static bool IsSocket(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
