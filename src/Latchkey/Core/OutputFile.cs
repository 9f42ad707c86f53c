using System.Runtime.InteropServices;
using Latchkey.Core.Configuration;

namespace Latchkey.Core;

/// <summary>
/// A file that Latchkey writes. It is made anew, readable by its owner only, and never written through a link: a draft beside its place is
/// written, flushed to disk and renamed. Without <see cref="Publish"/> the draft is deleted, also when a signal ends the process.
/// </summary>
public sealed partial class OutputFile : IDisposable
{
    private const int ReadOnly = 0;
    private const int BufferBytes = 64 * 1024;

    /// <summary>What stands there is no file, and replacing it would break the machine.</summary>
    private static readonly string[] SystemFolders = ["/dev/", "/proc/", "/sys/"];

    private readonly string path;
    private readonly bool overwrite;
    private readonly InterruptionCleanup cleanup;
    private bool isPublished;

    private OutputFile(string path, bool overwrite)
    {
        (this.path, this.overwrite) = (path, overwrite);
        Draft = $"{path}.{Path.GetRandomFileName()}.part"; // unique: another process may be writing the same file
        cleanup = new InterruptionCleanup(() => File.Delete(Draft));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = BufferBytes,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        Content = new FileStream(Draft, options);
    }

    /// <summary>The draft's path, for programs that write it by name.</summary>
    public string Draft { get; }

    /// <summary>The draft, to write to.</summary>
    public FileStream Content { get; }

    /// <param name="path">The final place; a link there is replaced, not followed.</param>
    /// <param name="overwrite">Replaces a file that stands there.</param>
    /// <exception cref="InvalidSettingException">The path is not the name of a file.</exception>
    /// <exception cref="IOException">The file exists and must not be replaced, or the folder cannot be written.</exception>
    public static OutputFile Create(string path, bool overwrite)
    {
        var full = FullPath(path);
        if (!overwrite && File.Exists(full))
        {
            throw new IOException($"{path} already exists. Nothing was written.");
        }

        return new OutputFile(full, overwrite);
    }

    /// <summary>The full path of a file that is to be written.</summary>
    /// <exception cref="InvalidSettingException">The path is not the name of a file.</exception>
    public static string FullPath(string path)
    {
        var full = FilePath.ParseOutput(path);
        return Array.Exists(SystemFolders, folder => full.StartsWith(folder, StringComparison.Ordinal))
            ? throw new InvalidSettingException($"{path} is not a place for a file. Give the name of a file.")
            : full;
    }

    /// <summary>Renames the draft to its final name. On return, content and name are on disk.</summary>
    /// <exception cref="IOException">The file exists meanwhile and must not be replaced, or the disk failed.</exception>
    public void Publish()
    {
        Content.Flush(flushToDisk: true);
        Content.Dispose();
        File.Move(Draft, path, overwrite);
        isPublished = true;
        FlushFolder(Path.GetDirectoryName(path) ?? "/");
    }

    public void Dispose()
    {
        try
        {
            Content.Dispose();
        }
        finally
        {
            if (!isPublished)
            {
                File.Delete(Draft);
            }

            cleanup.Dispose();
        }
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
