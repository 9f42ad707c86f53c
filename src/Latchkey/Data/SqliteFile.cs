using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Data;

/// <summary>The file of a SQLite database, its folder and its write-ahead log (<c>FILE-wal</c>, https://sqlite.org/wal.html).</summary>
public sealed class SqliteFile
{
    private const string Scheme = "sqlite:";
    private const string LogSuffix = "-wal";
    private const string SharedMemorySuffix = "-shm";
    private const int JournalModeOffset = 18; // https://sqlite.org/fileformat.html: file format write version
    private const byte WriteAheadLogMode = 2;
    private const int HeaderPageBytes = 4096;
    private const long MinFreeBytes = 1024 * 1024;
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>How long another process may take between switching the log on and making its file.</summary>
    private static readonly TimeSpan LogCreationLimit = TimeSpan.FromSeconds(2);

    /// <param name="connection">A path, with or without <c>sqlite:</c> before it.</param>
    /// <exception cref="InvalidSettingException">It is an address that cannot be read, or in quotes.</exception>
    public SqliteFile(string connection)
    {
        var text = connection.Trim();
        Path = FilePath.Parse(
            text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && !IsUrl(text) ? text[Scheme.Length..] : text,
            "LATCHKEY_DATABASE (or --database)",
            "Give a SQLite file, or PostgreSQL like postgres://user:password@host/name."
        );
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    public string Folder => System.IO.Path.GetDirectoryName(Path) ?? "/";

    public string LogPath => Path + LogSuffix;

    public bool Exists => File.Exists(Path);

    /// <summary>Whether the next changes may find no space.</summary>
    public bool IsDiskFull => new DriveInfo(Folder).AvailableFreeSpace < MinFreeBytes;

    /// <summary>
    /// Whether the file may have been copied or moved while it was in use, without its log: the last changes are then missing, in a young
    /// installation all of them. Latchkey ends with the log moved into the file and switched off. Other programs leave it switched on, such
    /// as <c>.backup</c> of sqlite3, whose copy is whole. Read it before SQLite opens the file, which makes a log.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read the file.</exception>
    public bool LacksLog
    {
        get
        {
            var log = new FileInfo(LogPath);
            return Exists && (!log.Exists || log.Length == 0) && JournalMode() == WriteAheadLogMode;
        }
    }

    /// <summary>Whether the file has nothing but its header, so that everything is in the log.</summary>
    public bool IsHeaderOnly => new FileInfo(Path).Length <= HeaderPageBytes;

    /// <summary>
    /// Refuses a file that has lost everything with its log, because a server would begin a new installation in it. A file that another
    /// process is creating at this moment looks the same, so this waits a moment for the log.
    /// </summary>
    /// <exception cref="InvalidSettingException">It is a copy of a young database without its log.</exception>
    public void RequireLog()
    {
        if (HasLostEverything() && !SpinWait.SpinUntil(() => !HasLostEverything(), LogCreationLimit))
        {
            throw new InvalidSettingException(
                $"{Path} was copied without its log {LogPath}, and everything stood in the log. Copy both, or restore a backup. To "
                    + "begin anew, delete the file."
            );
        }
    }

    /// <summary>Creates file and folder, if they are missing, for their owner only. What exists is not changed.</summary>
    public void CreateOwnerOnly()
    {
        OwnerOnlyFolder.Create(Folder);
        if (!Exists)
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnlyFile;
            }

            new FileStream(Path, options).Dispose();
        }
    }

    /// <summary>What a change needs and this user may not write: the folder, the file, or its log. Null when all can be written.</summary>
    public string? FindUnwritable() =>
        new[] { Folder, Path, LogPath, Path + SharedMemorySuffix }.FirstOrDefault(path =>
            System.IO.Path.Exists(path) && !FileAccessRights.CanWrite(path)
        );

    /// <summary>Whether it is a URL such as <c>sqlite://latchkey.db</c>, of which nobody knows which part is the path.</summary>
    private static bool IsUrl(string text) => text.StartsWith($"{Scheme}//", StringComparison.OrdinalIgnoreCase);

    private bool HasLostEverything() => LacksLog && !File.Exists(LogPath) && IsHeaderOnly;

    private byte JournalMode()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var header = new byte[JournalModeOffset + 1];
        return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length ? header[JournalModeOffset] : (byte)0;
    }
}
