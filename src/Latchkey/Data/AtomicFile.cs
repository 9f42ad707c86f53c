using System.Runtime.InteropServices;

namespace Latchkey.Data;

/// <summary>Writes files atomically and durably: a draft is written, flushed to disk, and then renamed.</summary>
public static partial class AtomicFile
{
    private const int ReadOnly = 0;

    /// <summary>Renames a draft to its final name in the same folder. On return, content and name are on disk.</summary>
    /// <exception cref="IOException">The file exists and must not be overwritten, or the disk failed.</exception>
    public static void Publish(string draft, string file, bool overwrite)
    {
        using (var content = File.OpenHandle(draft, access: FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(content);
        }

        File.Move(draft, file, overwrite);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/");
    }

    /// <summary>
    /// Flushes the folder (fsync(2)), so that the new name survives a power cut. .NET cannot open folders. File systems without folder sync
    /// are left to their own guarantees.
    /// </summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(folder, ReadOnly);
        _ = Sync(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
