using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Operations.Doctor;

/// <summary>Checks the machine: folders, disk, libraries.</summary>
public sealed class MachineChecks(InstallationSettings installation, KeyFolder keys)
{
    private const long LowDiskBytes = 1L << 30;
    private const long CriticalDiskBytes = 100L << 20;
    private const double Gibibyte = 1L << 30;

    public IEnumerable<Finding> Run()
    {
        foreach (var folder in Folders())
        {
            yield return Disk(folder);
        }

        foreach (var finding in SqliteFiles())
        {
            yield return finding;
        }

        yield return Keys();
        yield return Cores();
    }

    /// <summary>The data folder, and the database's folder if it is a different one.</summary>
    private IEnumerable<string> Folders()
    {
        var data = Path.GetFullPath(installation.DataFolder);
        return PostgresDatabase.IsPostgres(installation.DatabaseConnection)
            ? [data]
            : new[] { data, new SqliteFile(installation.DatabaseConnection).Folder }.Distinct(StringComparer.Ordinal);
    }

    /// <summary>Looks at the files before SQLite opens them.</summary>
    private IEnumerable<Finding> SqliteFiles()
    {
        if (PostgresDatabase.IsPostgres(installation.DatabaseConnection))
        {
            yield break;
        }

        var file = new SqliteFile(installation.DatabaseConnection);
        if (file.FindUnwritable() is { } path)
        {
            yield return Finding.Bad(
                "writing",
                $"{path} cannot be written.",
                "Let the user that runs the server write it, mount its file system with write access, and run doctor as that user."
            );
        }

        if (Log(file) is { } log)
        {
            yield return log;
        }
    }

    private static Finding? Log(SqliteFile file)
    {
        const string advice =
            "Put the log of the same moment beside it before anything opens it, or restore a backup. latchkey backup makes whole copies.";
        try
        {
            return !file.LacksLog ? null
                : file.IsHeaderOnly
                    ? Finding.Bad("log", $"{file.Path} was copied without its log {file.LogPath}: everything stood in the log.", advice)
                : Finding.Warning(
                    "log",
                    $"{file.Path} has no log {file.LogPath}: the last changes may be missing.",
                    "If sqlite3's .backup or another program made or closed the file, it is whole. If it was copied or moved while it was "
                        + $"in use: {advice}"
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Bad(
                "log",
                $"{file.Path} cannot be read: {e.Message}",
                "Let the user that runs the server read it, and run doctor as that user."
            );
        }
    }

    private static Finding Disk(string wanted)
    {
        var folder = wanted;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent; // before the first start
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        var says = FormattableString.Invariant($"{free / Gibibyte:F1} GiB free at {folder}.");
        return free < CriticalDiskBytes ? Finding.Bad("disk", says, "Free some space now. Signups and logins fail when the disk is full.")
            : free < LowDiskBytes ? Finding.Warning("disk", says, "Free some space for the database, its log and backups.")
            : Finding.Good("disk", says);
    }

    private Finding Keys()
    {
        try
        {
            return !keys.HasKeys
                    ? Finding.Warning(
                        "key ring",
                        $"{keys.Path} holds no keys yet.",
                        "The first start creates one. If this installation has run before, stop and restore its keys."
                    )
                : keys.Warnings() is not [var first, ..]
                    ? Finding.Good("key ring", $"{keys.Path}. Keep a copy separate from the database's backups.")
                : keys.IsReadOnly ? Finding.Warning("key ring", $"{keys.Path} is mounted, and other users can read it.", first)
                : Finding.Bad("key ring", $"Other users can read {keys.Path}.", first);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Bad(
                "key ring",
                e.Message,
                $"Let the user that runs the server read {keys.Path} and its files, and run doctor as that user."
            );
        }
    }

    private static Finding Cores() =>
        Environment.ProcessorCount > 1
            ? Finding.Good("processor", $"{Environment.ProcessorCount} cores, which hash as many passwords at the same time.")
            : Finding.Warning("processor", "One core: many logins at once slow everything down.", "Give it two cores or more.");
}
