using System.Runtime.InteropServices;

namespace Latchkey.Core;

/// <summary>What this process may do with a file or folder.</summary>
public static partial class FileAccessRights
{
    private const int Writable = 2; // W_OK of access(2)

    /// <summary>
    /// Whether it can be written: false for another user's, and on a read-only file system. Always true on Windows, where only writing
    /// tells.
    /// </summary>
    public static bool CanWrite(string path) => OperatingSystem.IsWindows() || Access(path, Writable) == 0;

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
