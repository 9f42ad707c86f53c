using System.Net.Sockets;

namespace Latchkey.Hosting;

/// <summary>The files of Unix sockets that the server listens on, for a proxy on the same machine.</summary>
public static class UnixSocket
{
    /// <summary>The owner and the group may connect: a proxy gets in by being in the group.</summary>
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>The address as Kestrel takes it.</summary>
    public static string KestrelUrl(string path) => $"http://unix:{path}";

    /// <summary>Removes the file that a killed server left. A socket with a server behind it stays, and stops the start.</summary>
    public static void RemoveStale(string path)
    {
        if (!File.Exists(path) || !IsSocket(path)) // else Kestrel says that the address is in use
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

    /// <summary>Windows has no modes: there the folder's access list decides.</summary>
    public static void LimitAccess(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Mode);
        }
    }

    /// <summary>No other kind of file is ever removed, whatever the setting names: a file opens for reading, a socket does not.</summary>
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
