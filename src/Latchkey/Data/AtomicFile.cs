using System.Runtime.InteropServices;

namespace Latchkey.Data;

/// <summary>Files that a power cut leaves whole: written as drafts, brought to the disk, and only then given their names.</summary>
public static partial class AtomicFile
{
    private const int ReadOnly = 0;

    /// <summary>Gives a draft of the same folder its name. When it returns, content and name are on the disk.</summary>
    /// <exception cref="IOException">The name is taken and shall stay, or the disk fails.</exception>
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
    /// A new name is an entry of its folder, which has a sync of its own (fsync(2)); .NET opens no folders. File systems that sync none
    /// keep their own promise.
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
